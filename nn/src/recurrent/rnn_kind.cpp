// What a plain RNN is, with either non-linearity.
#include <heed/autograd/rnn.h>
#include <heed/nn/recurrent/cell_kind.h>

namespace heed {
namespace {

class RNNDescription final : public CellDescription {
 public:
  constexpr RNNDescription(const char* name, Nonlinearity nonlinearity) : name_(name), nonlinearity_(nonlinearity) {}
  const char* name() const override { return name_; }
  const char* type() const override { return "RNN"; }
  int64_t gates() const override { return 1; }
  CellSequence sequence(Variable gate_inputs, const CellState& state, const RecurrentWeights& weights,
                        const RecurrentOptions& options) const override {
    RecurrentResult result =
        rnn(std::move(gate_inputs), state.empty() ? Variable() : state[0], weights.w_hh, nonlinearity_, options);
    return {std::move(result.output), {std::move(result.h)}};
  }

 private:
  const char* name_;
  Nonlinearity nonlinearity_;
};

constinit const RNNDescription with_tanh("rnn", Nonlinearity::tanh), with_relu("rnn_relu", Nonlinearity::relu);

}  // namespace

constinit const CellKind CellKind::rnn(with_tanh), CellKind::rnn_relu(with_relu);

}  // namespace heed

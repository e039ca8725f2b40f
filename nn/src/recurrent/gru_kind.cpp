// What a GRU is.
#include <heed/autograd/rnn.h>
#include <heed/nn/recurrent/cell_kind.h>

#include "core/hooks.h"

namespace heed {
namespace {

class GRUDescription final : public CellDescription {
 public:
  const char* name() const override { return "gru"; }
  const char* type() const override { return "GRU"; }
  int64_t gates() const override { return 3; }
  /// b_hh belongs to the product with the state, which the reset gate multiplies.
  Variable input_bias(const RecurrentWeights& weights) const override { return weights.b_ih; }
  CellSequence sequence(Variable gate_inputs, const CellState& state, const RecurrentWeights& weights,
                        const RecurrentOptions& options) const override {
    RecurrentResult result =
        gru(std::move(gate_inputs), state.empty() ? Variable() : state[0], weights.w_hh, weights.b_hh, options);
    return {
        std::move(result.output), {std::move(result.h)}, detail::is_watched() ? std::move(result.gates) : Tensor(), {}};
  }
};

constinit const GRUDescription description;

}  // namespace

constinit const CellKind CellKind::gru(description);

}  // namespace heed

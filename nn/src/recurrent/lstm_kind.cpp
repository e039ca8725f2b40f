// What an LSTM is.
#include <heed/autograd/rnn.h>
#include <heed/nn/recurrent/cell_kind.h>

#include "core/hooks.h"

namespace heed {
namespace {

class LSTMDescription final : public CellDescription {
 public:
  const char* name() const override { return "lstm"; }
  const char* type() const override { return "LSTM"; }
  int64_t gates() const override { return 4; }
  std::vector<std::string> states() const override { return {"h", "c"}; }
  CellSequence sequence(Variable gate_inputs, const CellState& state, const RecurrentWeights& weights,
                        const RecurrentOptions& options) const override {
    const LSTMState start = state.empty() ? LSTMState() : LSTMState{state[0], state[1]};
    LSTMResult result = lstm(std::move(gate_inputs), start.h, start.c, weights.w_hh, options);
    CellSequence sequence{std::move(result.output), {std::move(result.h), std::move(result.c)}};
    if (detail::is_watched()) {
      sequence.gates = std::move(result.gates);
      sequence.others = {std::move(result.cells)};
    }
    return sequence;
  }
};

constinit const LSTMDescription description;

}  // namespace

constinit const CellKind CellKind::lstm(description);

}  // namespace heed

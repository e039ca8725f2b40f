// LSTM and LSTMCell: their two states by name.
#include <heed/nn/recurrent/lstm.h>

namespace heed {

LSTMOutput LSTM::forward(const Variable& x, const LSTMArguments& arguments) const {
  const Stacked result = run_stacked(x, arguments.mask, {arguments.h, arguments.c});
  return {result.output, result.states[0], result.states[1]};
}

LSTMState LSTMCell::forward(const Variable& x, const LSTMState& state) const {
  const CellState next = step(x, {state.h, state.c});
  return {next[0], next[1]};
}

}  // namespace heed

// LSTMCell: one step of an LSTM.
#include <heed/nn/recurrent/lstm_cell.h>

#include <heed/tensor/scope.h>

#include "recurrent/recurrent_weights.h"

namespace heed {

LSTMCell::LSTMCell(int64_t input_size, int64_t hidden_size, const LSTMCellOptions& options) {
  detail::check_recurrent_sizes("LSTMCell", input_size, hidden_size);
  weights_ = detail::make_recurrent_weights(4, input_size, hidden_size, options.bias);
  register_parameter("weight_ih", weights_.w_ih);
  register_parameter("weight_hh", weights_.w_hh);
  register_parameter("bias_ih", weights_.b_ih);
  register_parameter("bias_hh", weights_.b_hh);
}

LSTMState LSTMCell::forward(const Variable& x, const LSTMState& state) {
  const NameScope scope(path());
  detail::check_cell_input("LSTMCell", x, weights_);
  detail::check_cell_state("LSTMCell", x, state.h, weights_);
  detail::check_cell_state("LSTMCell", x, state.c, weights_);
  return lstm_cell(x, state, weights_);
}

}  // namespace heed

// RNNCell: one step of a plain recurrent layer.
#include <heed/nn/recurrent/rnn_cell.h>

#include <heed/tensor/scope.h>

#include "recurrent/recurrent_weights.h"

namespace heed {

RNNCell::RNNCell(int64_t input_size, int64_t hidden_size, const RNNCellOptions& options)
    : nonlinearity_(options.nonlinearity) {
  detail::check_recurrent_sizes("RNNCell", input_size, hidden_size);
  weights_ = detail::make_recurrent_weights(1, input_size, hidden_size, options.bias);
  register_parameter("weight_ih", weights_.w_ih);
  register_parameter("weight_hh", weights_.w_hh);
  register_parameter("bias_ih", weights_.b_ih);
  register_parameter("bias_hh", weights_.b_hh);
}

Variable RNNCell::forward(const Variable& x, const Variable& h) {
  const NameScope scope(path());
  detail::check_cell_input("RNNCell", x, weights_);
  detail::check_cell_state("RNNCell", x, h, weights_);
  return rnn_cell(x, h, weights_, nonlinearity_);
}

}  // namespace heed

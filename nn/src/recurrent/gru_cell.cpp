// GRUCell: one step of a GRU.
#include <heed/nn/recurrent/gru_cell.h>

#include <heed/tensor/scope.h>

#include "recurrent/recurrent_weights.h"

namespace heed {

GRUCell::GRUCell(int64_t input_size, int64_t hidden_size, const GRUCellOptions& options) {
  detail::check_recurrent_sizes("GRUCell", input_size, hidden_size);
  weights_ = detail::make_recurrent_weights(3, input_size, hidden_size, options.bias);
  register_parameter("weight_ih", weights_.w_ih);
  register_parameter("weight_hh", weights_.w_hh);
  register_parameter("bias_ih", weights_.b_ih);
  register_parameter("bias_hh", weights_.b_hh);
}

Variable GRUCell::forward(const Variable& x, const Variable& h) {
  const NameScope scope(path());
  detail::check_cell_input("GRUCell", x, weights_);
  detail::check_cell_state("GRUCell", x, h, weights_);
  return gru_cell(x, h, weights_);
}

}  // namespace heed

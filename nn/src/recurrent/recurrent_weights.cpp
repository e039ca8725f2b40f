// Makes the weights of recurrent layers and cells, and checks what cells are given.
#include "recurrent/recurrent_weights.h"

#include <cmath>

#include <heed/nn/core/init.h>
#include <heed/tensor/create.h>
#include <heed/tensor/error.h>

namespace heed::detail {
namespace {

Variable uniform_parameter(const Shape& shape, double bound) {
  Variable parameter(empty(shape), true);
  uniform_(parameter, -bound, bound);
  return parameter;
}

}  // namespace

RecurrentWeights make_recurrent_weights(int64_t gates, int64_t input_size, int64_t hidden_size, bool bias) {
  const double bound = 1 / std::sqrt(static_cast<double>(hidden_size));
  const int64_t rows = gates * hidden_size;
  RecurrentWeights weights;
  weights.w_ih = uniform_parameter({rows, input_size}, bound);
  weights.w_hh = uniform_parameter({rows, hidden_size}, bound);
  if (bias) {
    weights.b_ih = uniform_parameter({rows}, bound);
    weights.b_hh = uniform_parameter({rows}, bound);
  }
  return weights;
}

void check_recurrent_sizes(const char* type, int64_t input_size, int64_t hidden_size) {
  check(input_size >= 1 && hidden_size >= 1, type, "input_size and hidden_size must be at least 1, got ", input_size,
        " and ", hidden_size);
}

void check_cell_input(const char* type, const Variable& x, const RecurrentWeights& weights) {
  check<ShapeError>(x.rank() == 2 && x.size(1) == weights.w_ih.size(1), type, "input must be (B, ",
                    weights.w_ih.size(1), "), got ", x.shape());
}

void check_cell_state(const char* type, const Variable& x, const Variable& state, const RecurrentWeights& weights) {
  const Shape wanted{x.size(0), weights.w_hh.size(1)};
  check<ShapeError>(!state.defined() || state.shape() == wanted, type, "the state must be ", wanted, ", got ",
                    state.defined() ? state.shape() : Shape());
}

}  // namespace heed::detail

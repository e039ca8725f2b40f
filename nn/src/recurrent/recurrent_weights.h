// Makes the weights of recurrent layers and cells, and checks what cells are given.
#pragma once

#include <heed/autograd/rnn.h>

namespace heed::detail {

/// Uniform within ±1/√H, drawn in the order w_ih, w_hh, b_ih, b_hh.
RecurrentWeights make_recurrent_weights(int64_t gates, int64_t input_size, int64_t hidden_size, bool bias);

/// Throws ValueError "type: …" for sizes below 1.
void check_recurrent_sizes(const char* type, int64_t input_size, int64_t hidden_size);

/// Throws ShapeError "type: …" unless x is (B, I).
void check_cell_input(const char* type, const Variable& x, const RecurrentWeights& weights);
/// Throws ShapeError "type: …" unless the state is (B, H) or undefined.
void check_cell_state(const char* type, const Variable& x, const Variable& state, const RecurrentWeights& weights);

}  // namespace heed::detail

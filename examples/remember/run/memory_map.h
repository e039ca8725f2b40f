// The memory map: how much of each source token a network remembers, with attention or without.
#pragma once

#include <heed/tensor/tensor.h>

#include "run/model.h"

namespace remember {

/// (outputs, source): the norm of the gradient of the loss at each output, teacher-forced, with respect to the
/// embedding of each token of the source. Rows are the tokens of `target` and the end mark, columns those of
/// Model::shown_source(). In evaluation mode; restores the model's mode.
heed::Tensor memory_map(Model& model, const Tokens& source, const Tokens& target);

/// Rows divided by their sums, to compare with attention weights; rows of zeros stay.
heed::Tensor rows_of_sum_one(const heed::Tensor& map);

}  // namespace remember

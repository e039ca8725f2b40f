// Tensors that stand side by side in one block of memory, as the parts of a split do: joined again without a copy.
#pragma once

#include <vector>

#include <heed/tensor/tensor.h>

namespace heed {

/// The tensors joined along `dim`, as cat() does; a view where they stand in memory one behind the other already.
/// Throws as cat().
Tensor join_neighbours(const std::vector<Tensor>& tensors, int64_t dim);

/// Uninitialised tensors like `tensors`, which are equal in shape and strides: where those stand side by side within
/// the rows of one block of memory, so do these; else each has its own, in the order of its axes in memory,
/// but for the last one, whose elements always lie side by side.
std::vector<Tensor> empty_like_neighbours(const std::vector<Tensor>& tensors);

}  // namespace heed

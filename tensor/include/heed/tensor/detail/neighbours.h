// Tensors that are adjacent in one block of memory, as the parts of a split are: joined without a copy.
#pragma once

#include <vector>

#include <heed/tensor/tensor.h>

namespace heed {

/// The tensors joined along `dim`, as by cat(); a view if they are adjacent in memory.
/// Throws as cat().
Tensor join_neighbours(const std::vector<Tensor>& tensors, int64_t dim);

/// An uninitialised tensor whose axes lie in memory in the order of those of `like`, if it has as many, but for the
/// last one, whose elements always lie side by side.
Tensor empty_in_order_of(const Tensor& like, const Shape& shape);

/// Uninitialised tensors like `tensors`, which are equal in shape and strides: where those stand side by side within
/// the rows of one block of memory, so do these; else each is empty_in_order_of() its own.
std::vector<Tensor> empty_like_neighbours(const std::vector<Tensor>& tensors);

}  // namespace heed

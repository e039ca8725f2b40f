// Elements chosen by a condition, and classes as vectors.
#pragma once

#include <heed/tensor/tensor.h>

namespace heed {

/// int64 (N, rank): the indices of the N elements that are not 0 (of bool: true), in row-major order. Any dtype.
Tensor nonzero(const Tensor& x);
/// The elements where `mask` (bool) holds, in row-major order, as one axis; x and mask broadcast. Throws ShapeError,
/// DTypeError.
Tensor masked_select(const Tensor& x, const Tensor& mask);
/// ids (…) of int64 → (…, classes): 1 at each id, else 0. classes = -1: one more than the largest id. Throws IndexError
/// for an id outside 0 … classes-1, DTypeError.
Tensor one_hot(const Tensor& ids, int64_t classes = -1, DType dtype = DType::int64);

}  // namespace heed

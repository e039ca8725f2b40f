// Views: other shapes and strides on the same storage, in O(1). Only reshape may copy, when no view can exist.
#pragma once

#include <heed/tensor/tensor.h>

namespace heed {

/// Axes dim0 and dim1 exchanged. Throws IndexError.
Tensor transpose(const Tensor& x, int64_t dim0, int64_t dim1);
/// Axis i of the result is axis dims[i] of x. Throws IndexError unless dims is a permutation.
Tensor permute(const Tensor& x, const Dims& dims);
/// Elements start, start+step, … below stop along `dim`; negative bounds count from the end and both are clamped to
/// the size, as in Python. Throws ValueError unless step ≥ 1.
Tensor slice(const Tensor& x, int64_t dim, int64_t start, int64_t stop, int64_t step = 1);
/// `length` elements from `start` along `dim`. Throws IndexError when they are not all there.
Tensor narrow(const Tensor& x, int64_t dim, int64_t start, int64_t length);
/// Element `index` along `dim`, which disappears. Throws IndexError.
Tensor select(const Tensor& x, int64_t dim, int64_t index);
/// x broadcast to `shape`; -1 keeps a size. Throws ShapeError.
Tensor expand(const Tensor& x, const Shape& shape);
/// Without axis `dim` if its size is 1, else x.
Tensor squeeze(const Tensor& x, int64_t dim);
/// Without any axis of size 1.
Tensor squeeze(const Tensor& x);
/// With an axis of size 1 at `dim` (−rank−1 … rank).
Tensor unsqueeze(const Tensor& x, int64_t dim);
/// The elements in row-major order under another shape; one size may be -1. A view where strides allow, else a copy.
/// Throws ShapeError when the sizes do not agree.
Tensor reshape(const Tensor& x, const Shape& shape);
/// Axes start_dim … end_dim made one.
Tensor flatten(const Tensor& x, int64_t start_dim = 0, int64_t end_dim = -1);
/// True when reshape would not copy.
bool can_view(const Tensor& x, const Shape& shape);

}  // namespace heed

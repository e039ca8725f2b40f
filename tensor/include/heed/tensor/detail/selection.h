// Where a mask holds: what masked_select of tensors and Variables runs on.
#pragma once

#include <heed/tensor/tensor.h>

namespace heed {

/// What x and mask broadcast to. Throws ShapeError, DTypeError, in the name of masked_select.
Shape masked_shape(const Tensor& x, const Tensor& mask);
/// int64 (N): where the elements of `shape` for which `mask` holds stand in row-major order.
Tensor masked_places(const Tensor& mask, const Shape& shape);

}  // namespace heed

// Gradients of activations that are computed in one pass.
#pragma once

#include <heed/tensor/tensor.h>

namespace heed {

/// grad where relu gave `y` above 0 or NaN, else 0. Both of one shape and floating dtype; throws ShapeError, DTypeError.
Tensor relu_backward(const Tensor& grad, const Tensor& y);

}  // namespace heed

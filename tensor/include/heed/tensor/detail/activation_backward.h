// Gradients of activations in one pass; autograd uses them where no graph of the gradient is asked for.
#pragma once

#include <heed/tensor/tensor.h>

namespace heed {

// All take the gradient of the activation's result and that result `y`, both of one shape and floating dtype, and throw
// ShapeError and DTypeError.

/// 0 where relu gave a `y` of at most 0, else grad: also where y is NaN.
Tensor relu_backward(const Tensor& grad, const Tensor& y);
/// grad · y (1 - y), of y = sigmoid(x).
Tensor sigmoid_backward(const Tensor& grad, const Tensor& y);
/// grad · (1 - y²), of y = tanh(x).
Tensor tanh_backward(const Tensor& grad, const Tensor& y);

}  // namespace heed

// Gradients of activations in one pass over the gradient and the activation's result.
#include <heed/tensor/detail/activation_backward.h>

#include "core/require.h"
#include "kernels/elementwise.h"
#include "operations/elementwise_loops.h"

namespace heed {
namespace {

Tensor apply(kernels::Binary kernels::ElementwiseKernels::*kernel, const Tensor& grad, const Tensor& y,
             std::string_view op) {
  detail::require_same_dtype(grad, y, op);
  detail::require_shape(grad, y.shape(), op, "the gradient");
  return detail::dispatch_floating(y.dtype(), op, [&]<class T>() {
    const Shape& shape = y.shape();
    return detail::map_binary<T, T>(op, shape, detail::Operand<T>(y, shape), detail::Operand<T>(grad, shape),
                                    (kernels::elementwise().*kernel).template get<T>(), detail::kCheapGrain);
  });
}

}  // namespace

Tensor relu_backward(const Tensor& grad, const Tensor& y) {
  return apply(&kernels::ElementwiseKernels::relu_backward, grad, y, "relu_backward");
}

Tensor sigmoid_backward(const Tensor& grad, const Tensor& y) {
  return apply(&kernels::ElementwiseKernels::sigmoid_backward, grad, y, "sigmoid_backward");
}

Tensor tanh_backward(const Tensor& grad, const Tensor& y) {
  return apply(&kernels::ElementwiseKernels::tanh_backward, grad, y, "tanh_backward");
}

}  // namespace heed

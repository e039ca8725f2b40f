// Gradients of activations: plain loops that the compiler turns into vectors.
#include <heed/tensor/activation_backward.h>

#include <heed/tensor/create.h>

#include "dispatch.h"
#include "loops.h"
#include "require.h"

namespace heed {

Tensor relu_backward(const Tensor& grad, const Tensor& y) {
  detail::require_same_dtype(grad, y, "relu_backward");
  detail::require_shape(grad, y.shape(), "relu_backward", "the gradient");
  const Tensor in = contiguous(grad), out = contiguous(y);
  Tensor result = empty(y.shape(), y.dtype());
  detail::dispatch_floating(y.dtype(), "relu_backward", [&]<class T>() {
    const T *g = in.data<T>(), *at = out.data<T>();
    T* dx = result.mutable_data<T>();
    parallel_for(0, y.numel(), detail::kCheapGrain, [=](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        dx[i] = at[i] <= 0 ? T{0} : g[i];
      }
    });
  });
  return result;
}

}  // namespace heed

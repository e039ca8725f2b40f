// Softmax along one axis, plain and masked, and its gradients. The axis is brought to the end, by a copy where needed,
// because the kernels take rows without gaps.
#include <heed/tensor/softmax.h>

#include <algorithm>

#include <heed/tensor/create.h>
#include <heed/tensor/detail/operation_scope.h>
#include <heed/tensor/detail/softmax.h>
#include <heed/tensor/view.h>

#include "core/dispatch.h"
#include "core/require.h"
#include "kernels/softmax.h"
#include "operations/dense_rows.h"
#include "operations/loops.h"

namespace heed {
namespace {

using detail::broadcast_strides;
using detail::for_each_line;
using detail::kCostlyGrain;
using detail::with_dense_rows;

/// f(tensors with axis `dim` at the end), brought back to the order of axes they came in.
template <class F, class... Tensors>
Tensor along(int64_t dim, std::string_view op, const F& f, const Tensor& x, const Tensors&... others) {
  const detail::OperationScope operation(op);
  const int64_t axis = detail::require_axis(x, dim, op);
  const int64_t last = x.rank() - 1;
  if (axis == last) {
    return f(with_dense_rows(x), with_dense_rows(others)...);
  }
  const auto moved = [&](const Tensor& each) { return contiguous(transpose(each, axis, last)); };
  return contiguous(transpose(f(moved(x), moved(others)...), axis, last));
}

/// kernel(row of x, row of the result) for each row along `dim`. `kernel_of(T)`: that of an element type.
template <class Kernel>
Tensor map_rows(const Tensor& x, int64_t dim, std::string_view op, const Kernel& kernel_of) {
  return detail::dispatch_floating(x.dtype(), op, [&]<class T>() {
    const auto rows = [&](const Tensor& values) {
      Tensor result = empty_like(values);
      T* out = result.mutable_data<T>();
      const T* in = values.data<T>();
      const auto kernel = kernel_of(T{});
      for_each_line<2>(values.shape(), values.rank() - 1, {result.strides(), values.strides()}, kCostlyGrain,
                       [&, n = values.shape().back()](const auto& at) { kernel(in + at[1], out + at[0], n); });
      return result;
    };
    return along(dim, op, rows, x);
  });
}

/// kernel(row of y, row of grad, row of the result) for each row along `dim`.
template <class Kernel>
Tensor map_gradient_rows(const Tensor& grad, const Tensor& y, int64_t dim, std::string_view op,
                         const Kernel& kernel_of) {
  detail::require_same_dtype(grad, y, op);
  detail::require_shape(grad, y.shape(), op, "the gradient");
  return detail::dispatch_floating(y.dtype(), op, [&]<class T>() {
    const auto rows = [&](const Tensor& values, const Tensor& gradients) {
      Tensor result = empty_like(values);
      T* out = result.mutable_data<T>();
      const T *in = values.data<T>(), *g = gradients.data<T>();
      const auto kernel = kernel_of(T{});
      for_each_line<3>(
          values.shape(), values.rank() - 1, {result.strides(), gradients.strides(), values.strides()}, kCostlyGrain,
          [&, n = values.shape().back()](const auto& at) { kernel(in + at[2], g + at[1], out + at[0], n); });
      return result;
    };
    return along(dim, op, rows, y, grad);
  });
}

}  // namespace

Tensor softmax(const Tensor& x, int64_t dim) {
  return map_rows(x, dim, "softmax", []<class T>(T) {
    return
        [kernel = kernels::softmax().get<T>().softmax](const T* in, T* out, int64_t n) { kernel(in, nullptr, out, n); };
  });
}

Tensor log_softmax(const Tensor& x, int64_t dim) {
  return map_rows(x, dim, "log_softmax", []<class T>(T) { return kernels::softmax().get<T>().log_softmax; });
}

Tensor masked_softmax(const Tensor& x, const Tensor& mask) {
  const detail::OperationScope operation("masked_softmax");
  detail::require_defined(x, "masked_softmax");
  detail::require_dtype(mask, DType::boolean, "masked_softmax", "the mask");
  check<ShapeError>(x.rank() > 0, "masked_softmax", "needs at least one axis, got ", x.shape());
  check<ShapeError>(broadcast_shapes(x.shape(), mask.shape(), "masked_softmax") == x.shape(), "masked_softmax",
                    "the mask must broadcast to ", x.shape(), ", got ", mask.shape());
  const Tensor values = with_dense_rows(x);
  // A mask that repeats along rows hides all of a row or nothing.
  const Tensor hidden = mask.rank() == 0 || mask.strides().back() == 0 ? mask : with_dense_rows(mask);
  const Strides mask_strides = broadcast_strides(hidden, x.shape());
  const int64_t n = x.shape().back();
  const bool whole_rows = n > 1 && mask_strides.back() == 0;
  return detail::dispatch_floating(x.dtype(), "masked_softmax", [&]<class T>() {
    const auto kernel = kernels::softmax().get<T>().softmax;
    Tensor result = empty_like(x);
    T* out = result.mutable_data<T>();
    const T* in = values.data<T>();
    const bool* hides = hidden.data<bool>();
    if (x.numel() == 0) {
      return result;
    }
    for_each_line<3>(x.shape(), x.rank() - 1, {result.strides(), values.strides(), mask_strides}, kCostlyGrain,
                     [&](const auto& at) {
                       if (whole_rows && hides[at[2]]) {
                         std::fill_n(out + at[0], n, T{0});
                       } else {
                         kernel(in + at[1], whole_rows ? nullptr : hides + at[2], out + at[0], n);
                       }
                     });
    return result;
  });
}

Tensor softmax_backward(const Tensor& grad, const Tensor& y, int64_t dim) {
  return map_gradient_rows(grad, y, dim, "softmax_backward",
                           []<class T>(T) { return kernels::softmax().get<T>().softmax_backward; });
}

Tensor log_softmax_backward(const Tensor& grad, const Tensor& y, int64_t dim) {
  return map_gradient_rows(grad, y, dim, "log_softmax_backward",
                           []<class T>(T) { return kernels::softmax().get<T>().log_softmax_backward; });
}

}  // namespace heed

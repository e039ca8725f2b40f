// Element-wise changes in place.
#include <heed/tensor/elementwise.h>

#include "core/writing.h"
#include "kernels/elementwise.h"
#include "operations/elementwise_loops.h"

namespace heed {
namespace {

using detail::Loop;

/// Elements gathered at a time where a kernel needs them side by side.
constexpr int64_t kPiece = 256;

template <class T>
void gather(const T* from, int64_t stride, T* to, int64_t n) {
  for (int64_t i = 0; i < n; ++i) {
    to[i] = from[i * stride];
  }
}

template <class T>
void scatter(const T* from, T* to, int64_t stride, int64_t n) {
  for (int64_t i = 0; i < n; ++i) {
    to[i * stride] = from[i];
  }
}

template <class T>
void add_row(kernels::AxpyKernel<T> axpy, T alpha, const T* y, int64_t y_stride, T* x, int64_t x_stride, int64_t n) {
  if (x_stride == 1 && y_stride == 1) {
    axpy(alpha, y, x, n);
    return;
  }
  T sums[kPiece];
  T terms[kPiece];
  for (int64_t i = 0; i < n; i += kPiece) {
    const int64_t count = std::min(kPiece, n - i);
    gather(x + i * x_stride, x_stride, sums, count);
    gather(y + i * y_stride, y_stride, terms, count);
    axpy(alpha, terms, sums, count);
    scatter(sums, x + i * x_stride, x_stride, count);
  }
}

}  // namespace

void add_(Tensor& x, const Tensor& y, double alpha) {
  detail::require_same_dtype(x, y, "add_");
  check<ShapeError>(x.shape() == y.shape(), "add_", "shapes must match, got ", x.shape(), " and ", y.shape());
  require_writable(x, "add_");
  Tensor copy;
  const Tensor& terms = detail::readable(y, x, detail::Reads::same_index, copy);
  detail::dispatch_floating(x.dtype(), "add_", [&]<class T>() {
    const auto axpy = kernels::elementwise().axpy.template get<T>();
    T* to = x.mutable_data<T>();
    const T* from = terms.data<T>();
    const Loop<2> loop(x.shape(), {x.strides(), terms.strides()});
    detail::for_each_row(loop, detail::kCheapGrain, [&](const Loop<2>::Offsets& at, int64_t n) {
      add_row<T>(axpy, static_cast<T>(alpha), from + at[1], loop.stride(1), to + at[0], loop.stride(0), n);
    });
  });
}

void mul_(Tensor& x, double factor) {
  detail::require_defined(x, "mul_");
  require_writable(x, "mul_");
  detail::dispatch_floating(x.dtype(), "mul_", [&]<class T>() {
    const auto scale = kernels::elementwise().scale.template get<T>();
    T* data = x.mutable_data<T>();
    const Loop<1> loop(x.shape(), {x.strides()});
    detail::for_each_row(loop, detail::kCheapGrain, [&](const Loop<1>::Offsets& at, int64_t n) {
      T* row = data + at[0];
      if (loop.stride(0) == 1) {
        scale(static_cast<T>(factor), row, row, n);
        return;
      }
      for (int64_t i = 0; i < n; ++i) {
        row[i * loop.stride(0)] *= static_cast<T>(factor);
      }
    });
  });
}

}  // namespace heed

// Reductions and scans that look at one line of elements at a time: logsumexp, cumsum.
#include <heed/tensor/create.h>
#include <heed/tensor/detail/operation_scope.h>
#include <heed/tensor/reduce.h>
#include <heed/tensor/view.h>

#include "core/dispatch.h"
#include "core/require.h"
#include "kernels/softmax.h"
#include "operations/loops.h"

namespace heed {
namespace {

/// x with the axes of `dims` behind the others, in row-major order without gaps.
Tensor reduced_last(const Tensor& x, const Dims& dims) {
  Dims order;
  for (int64_t axis = 0; axis < x.rank(); ++axis) {
    if (!dims.contains(axis)) {
      order.push_back(axis);
    }
  }
  for (const int64_t axis : dims) {
    order.push_back(axis);
  }
  return contiguous(permute(x, order));
}

}  // namespace

Tensor logsumexp(const Tensor& x, const Dims& dims, bool keepdim) {
  const detail::OperationScope operation("logsumexp");
  detail::require_defined(x, "logsumexp");
  const Dims axes = normalize_dims(dims, x.rank(), "logsumexp");
  Shape shape;
  int64_t size = 1;
  for (int64_t axis = 0; axis < x.rank(); ++axis) {
    const bool reduced = axes.contains(axis);
    size *= reduced ? x.shape()[axis] : 1;
    if (!reduced || keepdim) {
      shape.push_back(reduced ? 1 : x.shape()[axis]);
    }
  }
  return detail::dispatch_floating(x.dtype(), "logsumexp", [&]<class T>() {
    const Tensor rows = reduced_last(x, axes);
    const T* in = rows.data<T>();
    Tensor result = empty(shape, x.dtype());
    T* out = result.mutable_data<T>();
    const auto kernel = kernels::softmax().get<T>().logsumexp;
    parallel_for(0, result.numel(), detail::kCostlyGrain / std::max<int64_t>(size, 1) + 1,
                 [&](int64_t begin, int64_t end) {
                   for (int64_t i = begin; i < end; ++i) {
                     out[i] = kernel(in + i * size, size);
                   }
                 });
    return result;
  });
}

Tensor cumsum(const Tensor& x, int64_t dim) {
  const detail::OperationScope operation("cumsum");
  const int64_t axis = detail::require_axis(x, dim, "cumsum");
  Tensor result = empty_like(x);
  detail::dispatch_number(x.dtype(), "cumsum", [&]<class T>() {
    // Floating sums run in float64, so that a long float32 one stays accurate; int64 wraps around.
    using Sum = std::conditional_t<std::is_floating_point_v<T>, double, uint64_t>;
    T* out = result.mutable_data<T>();
    const T* in = x.data<T>();
    const int64_t in_stride = x.strides()[axis];
    const int64_t out_stride = result.strides()[axis];
    detail::for_each_line<2>(x.shape(), axis, {result.strides(), x.strides()}, detail::kCheapGrain,
                             [&](const auto& at) {
                               Sum sum = 0;
                               for (int64_t i = 0; i < x.shape()[axis]; ++i) {
                                 sum += static_cast<Sum>(in[at[1] + i * in_stride]);
                                 out[at[0] + i * out_stride] = static_cast<T>(sum);
                               }
                             });
  });
  return result;
}

}  // namespace heed

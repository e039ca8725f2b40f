// Sorts lines of elements through their indices.
#include <heed/tensor/sort.h>

#include <algorithm>
#include <numeric>

#include <heed/tensor/create.h>
#include <heed/tensor/index.h>
#include <heed/tensor/view.h>

#include "core/dispatch.h"
#include "core/require.h"
#include "operations/index_of_extreme.h"
#include "operations/loops.h"

namespace heed {
namespace {

/// Whether the element at index i comes before that at j: an order without ties, since the first index decides them.
template <class T>
struct Before {
  const T* x;
  int64_t stride;
  bool descending;

  bool operator()(int64_t i, int64_t j) const {
    const T a = x[i * stride], b = x[j * stride];
    if (less(a, b) != less(b, a)) {
      return descending ? less(b, a) : less(a, b);
    }
    return i < j;
  }
  static bool less(T a, T b) { return a < b || (b != b && a == a); }
};

/// The indices along `dim` of the first `count` elements in order.
Tensor first_indices(const Tensor& x, int64_t axis, int64_t count, bool descending) {
  const int64_t size = x.shape()[axis];
  Shape shape = x.shape();
  shape[axis] = count;
  Tensor result = empty(shape, DType::int64);
  if (result.numel() == 0) {
    return result;
  }
  int64_t* out = result.mutable_data<int64_t>();
  const int64_t step = result.strides()[axis];
  detail::dispatch_all(x.dtype(), [&]<class T>() {
    const T* in = x.data<T>();
    detail::for_each_line<2>(x.shape(), axis, {result.strides(), x.strides()}, detail::kVeryCostlyGrain,
                             [&](const auto& at) {
                               std::vector<int64_t> order(static_cast<size_t>(size));
                               std::iota(order.begin(), order.end(), 0);
                               std::partial_sort(order.begin(), order.begin() + count, order.end(),
                                                 Before<T>{in + at[1], x.strides()[axis], descending});
                               for (int64_t i = 0; i < count; ++i) {
                                 out[at[0] + i * step] = order[static_cast<size_t>(i)];
                               }
                             });
  });
  return result;
}

SortResult<Tensor> picked(const Tensor& x, int64_t axis, const Tensor& indices) {
  return {gather(x, axis, indices), indices};
}

/// x where argmax or argmin says.
SortResult<Tensor> extreme(const Tensor& x, int64_t axis, const Tensor& indices, bool keepdim) {
  const SortResult<Tensor> kept = picked(x, axis, indices);
  return keepdim ? kept : SortResult<Tensor>{squeeze(kept.values, axis), squeeze(kept.indices, axis)};
}

}  // namespace

SortResult<Tensor> sort(const Tensor& x, int64_t dim, bool descending) {
  const int64_t axis = detail::require_axis(x, dim, "sort");
  return picked(x, axis, first_indices(x, axis, x.shape()[axis], descending));
}

Tensor argsort(const Tensor& x, int64_t dim, bool descending) {
  const int64_t axis = detail::require_axis(x, dim, "argsort");
  return first_indices(x, axis, x.shape()[axis], descending);
}

SortResult<Tensor> topk(const Tensor& x, int64_t k, int64_t dim, bool largest) {
  const int64_t axis = detail::require_axis(x, dim, "topk");
  check(k >= 0 && k <= x.shape()[axis], "topk", "k must be in 0 … ", x.shape()[axis], ", the size of axis ", axis,
        " of ", x.shape(), ", got ", k);
  return picked(x, axis, first_indices(x, axis, k, largest));
}

SortResult<Tensor> max_with_indices(const Tensor& x, int64_t dim, bool keepdim) {
  const int64_t axis = detail::require_axis(x, dim, "max_with_indices");
  return extreme(x, axis, detail::index_of_extreme(x, axis, true, "max_with_indices"), keepdim);
}

SortResult<Tensor> min_with_indices(const Tensor& x, int64_t dim, bool keepdim) {
  const int64_t axis = detail::require_axis(x, dim, "min_with_indices");
  return extreme(x, axis, detail::index_of_extreme(x, axis, false, "min_with_indices"), keepdim);
}

}  // namespace heed

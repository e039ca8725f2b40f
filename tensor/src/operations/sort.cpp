// Sorts lines of elements, each with its index.
#include <heed/tensor/sort.h>

#include <algorithm>
#include <vector>

#include <heed/tensor/create.h>
#include <heed/tensor/detail/operation_scope.h>
#include <heed/tensor/index.h>
#include <heed/tensor/view.h>

#include "core/dispatch.h"
#include "core/require.h"
#include "operations/index_of_extreme.h"
#include "operations/loops.h"

namespace heed {
namespace {

/// An element and where it stands. Side by side, so that comparisons stay in the cache.
template <class T>
struct Entry {
  T value;
  int64_t index;
};

/// An order without ties, since the first index decides them.
struct Before {
  bool descending;

  template <class T>
  bool operator()(const Entry<T>& a, const Entry<T>& b) const {
    const bool below = less(a.value, b.value), above = less(b.value, a.value);
    if (below != above) {
      return descending ? above : below;
    }
    return a.index < b.index;
  }
  template <class T>
  static bool less(T a, T b) {
    return a < b || (b != b && a == a);
  }
};

/// The first `count` entries in order.
template <class T>
void sort_first(std::vector<Entry<T>>& entries, int64_t count, const Before& before) {
  if (count == static_cast<int64_t>(entries.size())) {
    std::sort(entries.begin(), entries.end(), before);
  } else {
    std::partial_sort(entries.begin(), entries.begin() + count, entries.end(), before);
  }
}

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
                               std::vector<Entry<T>> entries(static_cast<size_t>(size));
                               for (int64_t i = 0; i < size; ++i) {
                                 entries[static_cast<size_t>(i)] = {in[at[1] + i * x.strides()[axis]], i};
                               }
                               sort_first(entries, count, Before{descending});
                               for (int64_t i = 0; i < count; ++i) {
                                 out[at[0] + i * step] = entries[static_cast<size_t>(i)].index;
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
  const detail::OperationScope operation("sort");
  const int64_t axis = detail::require_axis(x, dim, "sort");
  return picked(x, axis, first_indices(x, axis, x.shape()[axis], descending));
}

Tensor argsort(const Tensor& x, int64_t dim, bool descending) {
  const detail::OperationScope operation("argsort");
  const int64_t axis = detail::require_axis(x, dim, "argsort");
  return first_indices(x, axis, x.shape()[axis], descending);
}

SortResult<Tensor> topk(const Tensor& x, int64_t k, int64_t dim, bool largest) {
  const detail::OperationScope operation("topk");
  const int64_t axis = detail::require_axis(x, dim, "topk");
  check(k >= 0 && k <= x.shape()[axis], "topk", "k must be in 0 … ", x.shape()[axis], ", the size of axis ", axis,
        " of ", x.shape(), ", got ", k);
  return picked(x, axis, first_indices(x, axis, k, largest));
}

SortResult<Tensor> max_with_indices(const Tensor& x, int64_t dim, bool keepdim) {
  const detail::OperationScope operation("max_with_indices");
  const int64_t axis = detail::require_axis(x, dim, "max_with_indices");
  return extreme(x, axis, detail::index_of_extreme(x, axis, true, "max_with_indices"), keepdim);
}

SortResult<Tensor> min_with_indices(const Tensor& x, int64_t dim, bool keepdim) {
  const detail::OperationScope operation("min_with_indices");
  const int64_t axis = detail::require_axis(x, dim, "min_with_indices");
  return extreme(x, axis, detail::index_of_extreme(x, axis, false, "min_with_indices"), keepdim);
}

}  // namespace heed

// Elements chosen by a condition, and classes as vectors.
#include <heed/tensor/selection.h>

#include <limits>

#include <heed/tensor/create.h>
#include <heed/tensor/detail/operation_scope.h>
#include <heed/tensor/detail/selection.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/index.h>
#include <heed/tensor/reduce.h>
#include <heed/tensor/view.h>

#include "core/require.h"

namespace heed {

Tensor nonzero(const Tensor& x) {
  const detail::OperationScope operation("nonzero");
  detail::require_defined(x, "nonzero");
  const Tensor places = masked_places(x.dtype() == DType::boolean ? x : x != 0, x.shape());
  Tensor result = empty({places.numel(), x.rank()}, DType::int64);
  int64_t* out = result.mutable_data<int64_t>();
  const int64_t* at = places.data<int64_t>();
  for (int64_t i = 0; i < places.numel(); ++i) {
    int64_t rest = at[i];
    for (int64_t axis = x.rank() - 1; axis >= 0; --axis) {
      out[i * x.rank() + axis] = rest % x.shape()[axis];
      rest /= x.shape()[axis];
    }
  }
  return result;
}

Shape masked_shape(const Tensor& x, const Tensor& mask) {
  detail::require_defined(x, "masked_select");
  detail::require_dtype(mask, DType::boolean, "masked_select", "the mask");
  return broadcast_shapes(x.shape(), mask.shape(), "masked_select");
}

Tensor masked_places(const Tensor& mask, const Shape& shape) {
  detail::require_dtype(mask, DType::boolean, "masked_select", "the mask");
  const Tensor flat = contiguous(expand(mask, shape));
  const bool* holds = flat.data<bool>();
  Tensor places = empty({sum(flat).item<int64_t>()}, DType::int64);
  int64_t* out = places.mutable_data<int64_t>();
  for (int64_t i = 0; i < flat.numel(); ++i) {
    if (holds[i]) {
      *out++ = i;
    }
  }
  return places;
}

Tensor masked_select(const Tensor& x, const Tensor& mask) {
  const detail::OperationScope operation("masked_select");
  const Shape shape = masked_shape(x, mask);
  return index_select(reshape(expand(x, shape), {-1}), 0, masked_places(mask, shape));
}

Tensor one_hot(const Tensor& ids, int64_t classes, DType dtype) {
  const detail::OperationScope operation("one_hot");
  detail::require_dtype(ids, DType::int64, "one_hot", "ids");
  const bool counted = classes == -1;
  check(counted || classes >= 0, "one_hot", "the number of classes must be 0 or more, or -1, got ", classes);
  check(!counted || ids.numel() > 0, "one_hot", "needs the number of classes where there are no ids");
  if (counted) {
    const auto largest = max(ids).item<int64_t>();
    check<IndexError>(largest < std::numeric_limits<int64_t>::max(), "one_hot", "id ", largest, " is too large");
    classes = largest + 1;
  }
  const Tensor outside = logical_or(ids < 0, ids >= classes);
  if (any(outside, all_axes(outside.rank())).item<bool>()) {
    const Tensor id = select(masked_select(ids, outside), 0, 0);
    fail<IndexError>("one_hot", "id ", id.item<int64_t>(), " is out of range for ", classes, " classes");
  }
  return to(unsqueeze(ids, -1) == arange(classes), dtype);
}

}  // namespace heed

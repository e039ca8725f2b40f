// Elements in order along an axis, and where they stood.
// Equal elements keep their order. NaN counts as larger than any number, as in PyTorch.
#pragma once

#include <heed/tensor/tensor.h>

namespace heed {

/// Elements of a Tensor or Variable X, and the place of each along the axis.
template <class X>
struct SortResult {
  X values;
  Tensor indices;  ///< int64, of the shape of values
};

/// Throws IndexError.
SortResult<Tensor> sort(const Tensor& x, int64_t dim = -1, bool descending = false);
/// The indices of sort().
Tensor argsort(const Tensor& x, int64_t dim = -1, bool descending = false);
/// The k largest elements along `dim`, or smallest, in order: as the first k of sort() are. Throws IndexError,
/// ValueError unless k is 0 … the size of the axis.
SortResult<Tensor> topk(const Tensor& x, int64_t k, int64_t dim = -1, bool largest = true);

/// The largest element along `dim` and the first place where it stands; a NaN if there is any. max() of one axis, but
/// that its gradient goes to one element. Throws as max().
SortResult<Tensor> max_with_indices(const Tensor& x, int64_t dim, bool keepdim = false);
SortResult<Tensor> min_with_indices(const Tensor& x, int64_t dim, bool keepdim = false);

}  // namespace heed

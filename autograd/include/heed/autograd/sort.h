// Elements of Variables in order along an axis; see heed/tensor/sort.h. The gradient of a value goes to where it stood.
#pragma once

#include <heed/autograd/variable.h>
#include <heed/tensor/sort.h>

namespace heed {

SortResult<Variable> sort(const Variable& x, int64_t dim = -1, bool descending = false);
inline Tensor argsort(const Variable& x, int64_t dim = -1, bool descending = false) {
  return argsort(x.value(), dim, descending);
}
SortResult<Variable> topk(const Variable& x, int64_t k, int64_t dim = -1, bool largest = true);
/// Of equal elements the first gets all of the gradient.
SortResult<Variable> max_with_indices(const Variable& x, int64_t dim, bool keepdim = false);
SortResult<Variable> min_with_indices(const Variable& x, int64_t dim, bool keepdim = false);

}  // namespace heed

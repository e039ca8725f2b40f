// Sorting picks elements by their indices: the gradient is that of gather.
#include <heed/autograd/sort.h>
#include <heed/tensor/detail/operation_scope.h>

#include <heed/autograd/index.h>
#include <heed/autograd/view.h>

namespace heed {
namespace {

SortResult<Variable> picked(const Variable& x, int64_t dim, const Tensor& indices) {
  return {gather(x, dim, indices), indices};
}

/// `kept` says where, along an axis that keeps the size 1.
SortResult<Variable> extreme(const Variable& x, int64_t dim, const Tensor& kept, bool keepdim) {
  const Variable values = gather(x, dim, kept);
  return keepdim ? SortResult<Variable>{values, kept} : SortResult<Variable>{squeeze(values, dim), squeeze(kept, dim)};
}

}  // namespace

SortResult<Variable> sort(const Variable& x, int64_t dim, bool descending) {
  const detail::OperationScope operation("sort");
  return picked(x, dim, sort(x.value(), dim, descending).indices);
}

SortResult<Variable> topk(const Variable& x, int64_t k, int64_t dim, bool largest) {
  const detail::OperationScope operation("topk");
  return picked(x, dim, topk(x.value(), k, dim, largest).indices);
}

SortResult<Variable> max_with_indices(const Variable& x, int64_t dim, bool keepdim) {
  const detail::OperationScope operation("max_with_indices");
  return extreme(x, dim, max_with_indices(x.value(), dim, true).indices, keepdim);
}

SortResult<Variable> min_with_indices(const Variable& x, int64_t dim, bool keepdim) {
  const detail::OperationScope operation("min_with_indices");
  return extreme(x, dim, min_with_indices(x.value(), dim, true).indices, keepdim);
}

}  // namespace heed

// Lengths of vectors, and the angle between two.
#include <heed/autograd/vector_norm.h>
#include <heed/tensor/detail/operation_scope.h>

#include <heed/autograd/elementwise.h>
#include <heed/autograd/reduce.h>
#include <heed/autograd/view.h>
#include <heed/tensor/detail/vector_norm.h>

namespace heed {

Variable norm(const Variable& x, double p) { return norm(x, p, all_axes(x.rank())); }

Variable norm(const Variable& x, double p, const Dims& dims, bool keepdim) {
  const detail::OperationScope operation("norm");
  return detail::norm_over(x, detail::plan_norm(x.value(), p, dims), keepdim);
}

Variable cosine_similarity(const Variable& a, const Variable& b, int64_t dim, double eps) {
  const detail::OperationScope operation("cosine_similarity");
  const Shape shape = detail::require_cosine_similarity(a.value(), b.value(), dim, eps);
  return detail::cosine_along(expand(a, shape), expand(b, shape), dim, eps);
}

}  // namespace heed

// Lengths of vectors, and the angle between two.
#include <heed/tensor/detail/operation_scope.h>
#include <heed/tensor/vector_norm.h>

#include <heed/tensor/detail/vector_norm.h>

#include "core/require.h"

namespace heed {

detail::NormPlan detail::plan_norm(const Tensor& x, double p, const Dims& dims) {
  require_floating(x, "norm");
  check(p > 0, "norm", "p must be above 0, got ", p);
  NormPlan plan{normalize_dims(dims, x.rank(), "norm"), p, {}, {}};
  if (x.numel() > 0) {
    const Tensor largest = max(abs(x), plan.axes, true);
    plan.none = largest == 0;
    plan.scale = masked_fill(largest, logical_or(plan.none, logical_not(isfinite(largest))), 1);
  }
  return plan;
}

Shape detail::require_cosine_similarity(const Tensor& a, const Tensor& b, int64_t dim, double eps) {
  constexpr const char* kOp = "cosine_similarity";
  require_same_dtype(a, b, kOp);
  require_floating(a, kOp);
  check(eps >= 0, kOp, "eps must not be negative, got ", eps);
  Shape shape = broadcast_shapes(a.shape(), b.shape(), kOp);
  normalize_dim(dim, shape.rank(), kOp);
  return shape;
}

Tensor norm(const Tensor& x, double p) { return norm(x, p, all_axes(x.rank())); }

Tensor norm(const Tensor& x, double p, const Dims& dims, bool keepdim) {
  const detail::OperationScope operation("norm");
  return detail::norm_over(x, detail::plan_norm(x, p, dims), keepdim);
}

Tensor cosine_similarity(const Tensor& a, const Tensor& b, int64_t dim, double eps) {
  const detail::OperationScope operation("cosine_similarity");
  const Shape shape = detail::require_cosine_similarity(a, b, dim, eps);
  return detail::cosine_along(expand(a, shape), expand(b, shape), dim, eps);
}

}  // namespace heed

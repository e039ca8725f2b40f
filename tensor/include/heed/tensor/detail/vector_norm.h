// Lengths of vectors, of tensors and of Variables.
#pragma once

#include <cmath>
#include <limits>

#include <heed/tensor/elementwise.h>
#include <heed/tensor/reduce.h>
#include <heed/tensor/view.h>

namespace heed::detail {

/// Of a norm over `axes`, which keep the size 1 here.
struct NormPlan {
  Dims axes;
  double p = 2;
  Tensor scale;  ///< the largest |x|, by which elements are divided before powers; 1 where it is 0 or not finite
  Tensor none;   ///< bool: all elements are 0
};

/// Throws as norm().
NormPlan plan_norm(const Tensor& x, double p, const Dims& dims);
/// What a and b broadcast to. Throws as cosine_similarity().
Shape require_cosine_similarity(const Tensor& a, const Tensor& b, int64_t dim, double eps);

/// x ≥ 0 to the power of p. Below 2 the slopes at 0, of first or second order, are infinite: 0 takes their place.
template <class X>
X power_of(const X& x, double p) {
  if (p >= 2) {
    return pow(x, p);
  }
  const Tensor zero = x == 0;
  return masked_fill(pow(masked_fill(x, zero, 1), p), zero, 0);
}

/// norm() of x, the Tensor of the plan or its Variable; the gradient is 0 where the norm is.
template <class X>
X norm_over(const X& x, const NormPlan& plan, bool keepdim) {
  if (plan.p == 1 || x.numel() == 0) {
    return sum(abs(x), plan.axes, keepdim);
  }
  if (std::isinf(plan.p)) {
    return max(abs(x), plan.axes, keepdim);
  }
  const X scaled = x / X(plan.scale);
  const X total = sum(plan.p == 2 ? scaled * scaled : power_of(abs(scaled), plan.p), plan.axes, true);
  const X filled = masked_fill(total, plan.none, 1);
  const X root = plan.p == 2 ? sqrt(filled) : pow(filled, 1 / plan.p);
  const X kept = masked_fill(root, plan.none, 0) * X(plan.scale);
  if (keepdim) {
    return kept;
  }
  Shape shape;
  for (int64_t axis = 0; axis < x.rank(); ++axis) {
    if (!plan.axes.contains(axis)) {
      shape.push_back(x.shape()[axis]);
    }
  }
  return reshape(kept, shape);
}

/// a and b of one shape: the product of the vectors at length 1.
template <class X>
X cosine_along(const X& a, const X& b, int64_t dim, double eps) {
  const double infinity = std::numeric_limits<double>::infinity();
  const auto unit = [&](const X& x) { return x / clamp(norm(x, 2, dim, true), eps, infinity); };
  return sum(unit(a) * unit(b), dim);
}

}  // namespace heed::detail

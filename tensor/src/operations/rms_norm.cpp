// Normalisation by the root of the mean square.
#include <heed/tensor/rms_norm.h>

#include <limits>

#include <heed/tensor/elementwise.h>
#include <heed/tensor/reduce.h>

#include <heed/tensor/detail/rms_norm.h>

#include "core/require.h"

namespace heed {

detail::RMSNormPlan detail::plan_rms_norm(const Tensor& x, int64_t axes, const Tensor& weight,
                                          std::optional<double> eps) {
  require_floating(x, "rms_norm");
  check<ShapeError>(axes >= 1 && axes <= x.rank(), "rms_norm", "needs 1 … ", x.rank(), " axes of ", x.shape(), ", got ",
                    axes);
  check(!eps || *eps >= 0, "rms_norm", "eps must be 0 or more, got ", eps.value_or(0));
  RMSNormPlan plan;
  Shape normalized;
  for (int64_t axis = x.rank() - axes; axis < x.rank(); ++axis) {
    plan.dims.push_back(axis);
    normalized.push_back(x.shape()[axis]);
  }
  if (weight.defined()) {
    require_same_dtype(x, weight, "rms_norm");
    require_shape(weight, normalized, "rms_norm", "the weight");
  }
  const bool narrow = x.dtype() == DType::float32;
  plan.eps =
      eps.value_or(narrow ? double{std::numeric_limits<float>::epsilon()} : std::numeric_limits<double>::epsilon());
  return plan;
}

Tensor rms_norm(const Tensor& x, int64_t axes, const Tensor& weight, std::optional<double> eps) {
  const Tensor normal = x * detail::inverse_root_mean_square(x, detail::plan_rms_norm(x, axes, weight, eps));
  return weight.defined() ? normal * weight : normal;
}

}  // namespace heed

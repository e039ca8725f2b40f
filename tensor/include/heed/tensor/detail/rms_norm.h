// What rms_norm of tensors and of Variables is given.
#pragma once

#include <optional>

#include <heed/tensor/tensor.h>

namespace heed::detail {

/// The last axes, and what is added to the mean square.
struct RMSNormPlan {
  Dims dims;
  double eps = 0;
};

/// Throws as rms_norm().
RMSNormPlan plan_rms_norm(const Tensor& x, int64_t axes, const Tensor& weight, std::optional<double> eps);

/// 1 / sqrt(mean(x²) + eps), of x's shape with sizes 1 for the axes. Needs the headers of X's operations.
template <class X>
X inverse_root_mean_square(const X& x, const RMSNormPlan& plan) {
  return 1.0 / sqrt(mean(x * x, plan.dims, true) + plan.eps);
}

}  // namespace heed::detail

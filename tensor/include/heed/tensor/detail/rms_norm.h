// What rms_norm of Variables runs on.
#pragma once

#include <optional>

#include <heed/tensor/tensor.h>

namespace heed {

struct RMSNormResult {
  Tensor y;        ///< as x
  Tensor inverse;  ///< 1 / sqrt(mean(x²) + eps), one per row: x's shape without the normalised axes
};
struct RMSNormGradients {
  Tensor x, weight;  ///< weight undefined when there was none
};

/// rms_norm(), with what its backward takes. Throws likewise.
RMSNormResult rms_norm_rows(const Tensor& x, int64_t axes, const Tensor& weight, std::optional<double> eps);
/// The gradients of rms_norm for `grad`, the gradient of y.
RMSNormGradients rms_norm_backward(const Tensor& grad, const Tensor& x, int64_t axes, const Tensor& inverse,
                                   const Tensor& weight);
/// eps, or where it is not given what stands for it. Throws ValueError, "rms_norm: …", unless at least 0.
double rms_norm_eps(std::optional<double> eps, DType dtype);

}  // namespace heed

// RMSNorm: normalises each example by its own size.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>

#include <heed/nn/core/unary_module.h>

namespace heed {

struct RMSNormOptions {
  std::optional<double> eps = std::nullopt;  ///< not given: the distance from 1 to the next number of the dtype
  bool elementwise_affine = true;
};

/// y = x / √(mean(x²) + eps) · weight over the last axes (Zhang, Sennrich 2019, equation 4); PyTorch's
/// torch.nn.RMSNorm. `weight` starts as ones.
class RMSNorm : public UnaryModule {
 public:
  /// normalized_shape: the sizes of the last axes; a single one needs no braces, RMSNorm(64). Throws ValueError when it
  /// is empty, or eps < 0.
  explicit RMSNorm(const Shape& normalized_shape, const RMSNormOptions& options = {});
  explicit RMSNorm(std::initializer_list<int64_t> normalized_shape, const RMSNormOptions& options = {})
      : RMSNorm(Shape(normalized_shape), options) {}
  template <std::integral T>
  explicit RMSNorm(T size, const RMSNormOptions& options = {}) : RMSNorm(Shape{static_cast<int64_t>(size)}, options) {}
  /// x (…, normalized_shape) → as x. Throws ShapeError.
  Variable forward(const Variable& x) const override;

  const Shape& normalized_shape() const { return normalized_shape_; }
  Variable& weight() { return weight_; }
  const Variable& weight() const { return weight_; }

 private:
  Shape normalized_shape_;
  std::optional<double> eps_;
  Variable weight_;
};

}  // namespace heed

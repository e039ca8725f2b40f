// LayerNorm: normalises each example by itself.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>

#include <heed/nn/core/unary_module.h>

namespace heed {

struct LayerNormOptions {
  double eps = 1e-5;
  bool elementwise_affine = true;
  bool bias = true;
};

/// y = (x - mean) / √(var + eps) · weight + bias over the last axes: Ba, Kiros, Hinton 2016, equations 3 and 4 with the
/// sums over the features; PyTorch's torch.nn.LayerNorm. `weight` starts as ones, `bias` as zeros.
class LayerNorm : public UnaryModule {
 public:
  /// normalized_shape: the sizes of the last axes; a single one needs no braces, LayerNorm(64). Throws ValueError when
  /// it is empty, or eps < 0.
  explicit LayerNorm(const Shape& normalized_shape, const LayerNormOptions& options = {});
  explicit LayerNorm(std::initializer_list<int64_t> normalized_shape, const LayerNormOptions& options = {})
      : LayerNorm(Shape(normalized_shape), options) {}
  template <std::integral T>
  explicit LayerNorm(T size, const LayerNormOptions& options = {})
      : LayerNorm(Shape{static_cast<int64_t>(size)}, options) {}
  /// x (…, normalized_shape) → as x. Throws ShapeError.
  Variable forward(const Variable& x) const override;

  const Shape& normalized_shape() const { return normalized_shape_; }
  Variable& weight() { return weight_; }
  const Variable& weight() const { return weight_; }
  Variable& bias() { return bias_; }
  const Variable& bias() const { return bias_; }

 private:
  Shape normalized_shape_;
  double eps_;
  Variable weight_, bias_;
};

}  // namespace heed

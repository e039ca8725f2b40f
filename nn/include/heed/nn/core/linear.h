// Linear: an affine map of the last axis.
#pragma once

#include <heed/nn/core/unary_module.h>

namespace heed {

struct LinearOptions {
  bool bias = true;
};

/// y = x Wᵀ + b. Parameters `weight` (O, I) and `bias` (O), uniform within ±1/√I (PyTorch's torch.nn.Linear).
class Linear : public UnaryModule {
 public:
  /// Throws ValueError for a negative size.
  Linear(int64_t in_features, int64_t out_features, const LinearOptions& options = {});
  /// x (…, I) → (…, O). Throws ShapeError.
  Variable forward(const Variable& x) const override;

  int64_t in_features() const { return weight_.size(1); }
  int64_t out_features() const { return weight_.size(0); }
  /// To be read, initialised anew, or tied: `output.weight() = embedding.weight()` makes both one variable.
  Variable& weight() { return weight_; }
  const Variable& weight() const { return weight_; }
  Variable& bias() { return bias_; }
  const Variable& bias() const { return bias_; }

 private:
  Variable weight_, bias_;
};

}  // namespace heed

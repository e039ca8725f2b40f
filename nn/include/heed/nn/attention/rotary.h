// Rotary position embedding: queries and keys are turned by angles that grow with their positions, so that their
// products depend on the distance only.
#pragma once

#include <cstdint>

#include <heed/nn/attention/score_term.h>

namespace heed {

struct RotaryOptions {
  int64_t offset = 0;  ///< position of the first step
  double base = 10000;
};

/// Turns each pair (x[2i], x[2i+1]) at position m by m θ_i, θ_i = base^(-2i / D), i = 0 … D/2-1: Su et al. 2021,
/// "RoFormer", equation 34. x (…, T, D) → as x; apply it to queries and keys, heads apart.
/// Throws ShapeError unless D is even, DTypeError.
Variable rotary_embedding(const Variable& x, const RotaryOptions& options = {});

/// Turns queries and keys by rotary_embedding().
class Rotary : public ScoreTerm {
 public:
  /// Throws ValueError unless the size is even.
  explicit Rotary(int64_t head_size);
  Variable place(const Variable& x, int64_t first) const override;
};

}  // namespace heed

// Dropout: zeroes elements at random in training, and scales the others so that expectations stay.
#pragma once

#include <heed/nn/core/unary_module.h>
#include <heed/tensor/random.h>

namespace heed {

/// Each element is zeroed with probability p, the others multiplied by 1 / (1 - p): Srivastava et al. 2014; PyTorch's
/// F.dropout. Throws ValueError unless 0 ≤ p ≤ 1.
Variable dropout(const Variable& x, double p, Generator& generator = default_generator());
/// x (B, T, F), with one mask (B, 1, F) for all time steps: Gal, Ghahramani 2016, "A theoretically grounded application
/// of dropout in recurrent neural networks", section 4. Throws ShapeError, ValueError.
Variable locked_dropout(const Variable& x, double p, Generator& generator = default_generator());

/// dropout() in training, the identity in evaluation. Draws from default_generator() unless given one, which must
/// outlive the module.
class Dropout : public UnaryModule {
 public:
  /// Throws ValueError unless 0 ≤ p ≤ 1.
  explicit Dropout(double p = 0.5);
  Dropout(double p, Generator& generator);
  Variable forward(const Variable& x) const override;
  double p() const { return p_; }
  /// False where forward() is the identity.
  bool active() const { return training() && p_ > 0; }

 protected:
  Generator& generator() const { return generator_ == nullptr ? default_generator() : *generator_; }

 private:
  double p_;
  Generator* generator_ = nullptr;
};

/// locked_dropout() in training, the identity in evaluation.
class LockedDropout : public Dropout {
 public:
  using Dropout::Dropout;
  /// x (B, T, F). Throws ShapeError.
  Variable forward(const Variable& x) const override;
};

}  // namespace heed

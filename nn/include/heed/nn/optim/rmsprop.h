// RMSprop: each element's step is divided by the root of a running mean of its squared gradients.
#pragma once

#include <heed/nn/optim/optimizer.h>

namespace heed {

/// torch.optim.RMSprop's options.
struct RMSpropOptions {
  double lr = 1e-2;
  double alpha = 0.99;
  double eps = 1e-8;
  double weight_decay = 0;
  double momentum = 0;
  bool centered = false;  ///< divide by the deviation: subtract the mean of gradients (Graves 2013, section 2)
};

/// g = gradient + weight_decay p; v = alpha v + (1 - alpha) g²; centered: m = alpha m + (1 - alpha) g, v' = v - m²,
/// at least 0; p -= lr b with b = momentum b + g / (√v' + eps): Tieleman, Hinton 2012, lecture 6.5, as
/// torch.optim.RMSprop.
class RMSprop : public Optimizer {
 public:
  /// Throws ValueError, naming the option, for one that is negative or not finite, and for an alpha above 1.
  explicit RMSprop(const ParameterList& parameters, const RMSpropOptions& options = {});
  /// Adds a group with its own options. Throws as the constructor.
  void add_parameter_group(const ParameterList& parameters, const RMSpropOptions& options);
  void step() override;

 protected:
  std::vector<std::string> state_names(int64_t group) const override;
  NamedOptions options(int64_t group) const override;

 private:
  static void update(Slot& slot, double lr, const RMSpropOptions& options);

  std::vector<RMSpropOptions> options_;
};

}  // namespace heed

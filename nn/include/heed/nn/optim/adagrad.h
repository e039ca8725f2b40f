// Adagrad: each element's step is divided by the root of the sum of its squared gradients so far.
#pragma once

#include <heed/nn/optim/optimizer.h>

namespace heed {

/// torch.optim.Adagrad's options.
struct AdagradOptions {
  double lr = 1e-2;
  double lr_decay = 0;
  double weight_decay = 0;
  double initial_accumulator_value = 0;
  double eps = 1e-10;
};

/// g = gradient + weight_decay p; s += g²; p -= lr / (1 + (t - 1) lr_decay) · g / (√s + eps) at step t = 1, 2, …:
/// Duchi, Hazan, Singer 2011, figure 1 with diagonal matrices, as torch.optim.Adagrad.
class Adagrad : public Optimizer {
 public:
  /// Throws ValueError, naming the option, for one that is negative or not finite.
  explicit Adagrad(const ParameterList& parameters, const AdagradOptions& options = {});
  /// Adds a group with its own options. Throws as the constructor.
  void add_parameter_group(const ParameterList& parameters, const AdagradOptions& options);
  void step() override;

 protected:
  std::vector<std::string> state_names(int64_t group) const override;
  NamedOptions options(int64_t group) const override;

 private:
  static void update(Slot& slot, double lr, const AdagradOptions& options);

  std::vector<AdagradOptions> options_;
};

}  // namespace heed

// SGD: stochastic gradient descent with momentum.
#pragma once

#include <heed/nn/optim/optimizer.h>

namespace heed {

/// torch.optim.SGD's options.
struct SGDOptions {
  double lr = 1e-3;
  double momentum = 0;
  double dampening = 0;
  double weight_decay = 0;
  bool nesterov = false;
};

/// g = gradient + weight_decay p; b = g at first, then momentum b + (1 - dampening) g; p -= lr b, or lr (g + momentum
/// b) with nesterov (Sutskever et al. 2013, as torch.optim.SGD writes it).
class SGD : public Optimizer {
 public:
  /// Throws ValueError, naming the option, for one that is negative or not finite, and for nesterov without momentum or
  /// with dampening.
  explicit SGD(const ParameterList& parameters, const SGDOptions& options = {});
  /// Adds a group with its own options. Throws as the constructor.
  void add_parameter_group(const ParameterList& parameters, const SGDOptions& options);
  void step() override;

 protected:
  std::vector<std::string> state_names(int64_t group) const override;
  NamedOptions options(int64_t group) const override;

 private:
  std::vector<SGDOptions> options_;
};

}  // namespace heed

// Adam and AdamW.
#pragma once

#include <utility>

#include <heed/nn/optim/optimizer.h>

namespace heed {

/// torch.optim.Adam's options.
struct AdamOptions {
  double lr = 1e-3;
  std::pair<double, double> betas = {0.9, 0.999};
  double eps = 1e-8;
  double weight_decay = 0;
  bool amsgrad = false;
};

/// torch.optim.AdamW's options.
struct AdamWOptions {
  double lr = 1e-3;
  std::pair<double, double> betas = {0.9, 0.999};
  double eps = 1e-8;
  double weight_decay = 1e-2;
  bool amsgrad = false;
};

/// Kingma and Ba 2015, algorithm 1, the weight decay added to the gradient; amsgrad: Reddi, Kale, Kumar 2018.
/// As torch.optim.Adam: p -= lr m̂ / (sqrt(v̂) + eps).
class Adam : public Optimizer {
 public:
  /// Throws ValueError, naming the option, for one that is negative or not finite and for a beta outside [0, 1).
  explicit Adam(const ParameterList& parameters, const AdamOptions& options = {});
  /// Adds a group with its own options. Throws as the constructor.
  void add_parameter_group(const ParameterList& parameters, const AdamOptions& options);
  void step() override;

 protected:
  Adam(const char* name, bool decoupled) : Optimizer(name), decoupled_(decoupled) {}
  std::vector<std::string> state_names(int64_t group) const override;
  NamedOptions options(int64_t group) const override;

 private:
  bool decoupled_ = false;
  std::vector<AdamOptions> options_;
};

/// Loshchilov and Hutter 2019, algorithm 2: the decay shrinks the parameter itself, p *= 1 - lr weight_decay.
class AdamW : public Adam {
 public:
  /// Throws as Adam.
  explicit AdamW(const ParameterList& parameters, const AdamWOptions& options = {});
  /// Adds a group with its own options. Throws as Adam.
  void add_parameter_group(const ParameterList& parameters, const AdamWOptions& options);
};

}  // namespace heed

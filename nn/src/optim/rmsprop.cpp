// RMSprop, in operations on whole tensors.
#include <heed/nn/optim/rmsprop.h>

#include <heed/tensor/create.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>

#include "optim/largest_number.h"

namespace heed {
namespace {

/// mean = alpha mean + (1 - alpha) x
void follow(Tensor& mean, const Tensor& x, double alpha) {
  mul_(mean, alpha);
  add_(mean, x, 1 - alpha);
}

/// square - mean², NaN where one is. Where the gradient hardly changes it is rounding, and may be below 0; where both
/// are infinite it is infinite.
Tensor variance(const Tensor& square, const Tensor& mean) {
  return relu(square - clamp(mean * mean, 0, detail::largest_number(mean.dtype())));
}

}  // namespace

RMSprop::RMSprop(const ParameterList& parameters, const RMSpropOptions& options) : Optimizer("RMSprop") {
  add_parameter_group(parameters, options);
}

void RMSprop::add_parameter_group(const ParameterList& parameters, const RMSpropOptions& options) {
  check(options.alpha >= 0 && options.alpha <= 1, name_, "alpha must be from 0 to 1, got ", options.alpha);
  detail::check_not_negative(options.eps, name_, "eps");
  detail::check_not_negative(options.weight_decay, name_, "weight_decay");
  detail::check_not_negative(options.momentum, name_, "momentum");
  add_slots(parameters, options.lr);
  options_.push_back(options);
}

std::vector<std::string> RMSprop::state_names(int64_t group) const {
  const RMSpropOptions& options = options_[static_cast<size_t>(group)];
  std::vector<std::string> names{"square_avg"};
  if (options.centered) {
    names.emplace_back("grad_avg");
  }
  if (options.momentum > 0) {
    names.emplace_back("momentum_buffer");
  }
  return names;
}

Optimizer::NamedOptions RMSprop::options(int64_t group) const {
  const RMSpropOptions& options = options_[static_cast<size_t>(group)];
  return {{"alpha", options.alpha},
          {"eps", options.eps},
          {"weight_decay", options.weight_decay},
          {"momentum", options.momentum},
          {"centered", options.centered ? 1.0 : 0.0}};
}

void RMSprop::step() {
  update_each([this](Slot& slot, size_t g) { update(slot, groups_[g].lr, options_[g]); });
}

void RMSprop::update(Slot& slot, double lr, const RMSpropOptions& options) {
  Tensor& parameter = slot.parameter.mutable_value();
  Tensor gradient = slot.parameter.grad();
  if (options.weight_decay != 0) {
    gradient = gradient + parameter * options.weight_decay;
  }
  follow(slot.state[0], gradient * gradient, options.alpha);
  Tensor square = slot.state[0];
  if (options.centered) {
    follow(slot.state[1], gradient, options.alpha);
    square = variance(square, slot.state[1]);
  }
  const Tensor scaled = gradient / (sqrt(square) + options.eps);
  if (options.momentum > 0) {
    Tensor& velocity = slot.state.back();
    mul_(velocity, options.momentum);
    add_(velocity, scaled);
    add_(parameter, velocity, -lr);
  } else {
    add_(parameter, scaled, -lr);
  }
}

}  // namespace heed

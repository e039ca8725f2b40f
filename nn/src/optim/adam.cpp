// Adam and AdamW: options and the list of updates; the formulas are in heed/tensor/detail/optimizer_update.h.
#include <heed/nn/optim/adam.h>

#include <heed/tensor/detail/optimizer_update.h>
#include <heed/tensor/error.h>

namespace heed {
namespace {

void check_beta(double beta, const char* op, const char* name) {
  check(beta >= 0 && beta < 1, op, name, " must be at least 0 and below 1, got ", beta);
}

}  // namespace

Adam::Adam(const ParameterList& parameters, const AdamOptions& options) : Optimizer("Adam") {
  add_parameter_group(parameters, options);
}

void Adam::add_parameter_group(const ParameterList& parameters, const AdamOptions& options) {
  check_beta(options.betas.first, name_, "betas.first");
  check_beta(options.betas.second, name_, "betas.second");
  detail::check_not_negative(options.eps, name_, "eps");
  detail::check_not_negative(options.weight_decay, name_, "weight_decay");
  add_slots(parameters, options.lr);
  options_.push_back(options);
}

std::vector<std::string> Adam::state_names(int64_t group) const {
  std::vector<std::string> names{"exp_avg", "exp_avg_sq"};
  if (options_[static_cast<size_t>(group)].amsgrad) {
    names.emplace_back("max_exp_avg_sq");
  }
  return names;
}

Optimizer::NamedOptions Adam::options(int64_t group) const {
  const AdamOptions& options = options_[static_cast<size_t>(group)];
  return {{"betas.first", options.betas.first},
          {"betas.second", options.betas.second},
          {"eps", options.eps},
          {"weight_decay", options.weight_decay},
          {"amsgrad", options.amsgrad ? 1.0 : 0.0},
          {"decoupled_weight_decay", decoupled_ ? 1.0 : 0.0}};
}

void Adam::step() {
  std::vector<AdamItem> items;
  update_each([&](Slot& slot, size_t g) {
    const AdamOptions& options = options_[g];
    items.push_back({.parameter = slot.parameter.mutable_value(),
                     .gradient = slot.parameter.grad(),
                     .first_moment = slot.state[0],
                     .second_moment = slot.state[1],
                     .second_maximum = options.amsgrad ? slot.state[2] : Tensor(),
                     .step = {.count = slot.steps,
                              .learning_rate = groups_[g].lr,
                              .beta1 = options.betas.first,
                              .beta2 = options.betas.second,
                              .epsilon = options.eps,
                              .weight_decay = options.weight_decay,
                              .decoupled = decoupled_}});
  });
  adam_update(items);
}

AdamW::AdamW(const ParameterList& parameters, const AdamWOptions& options) : Adam("AdamW", true) {
  add_parameter_group(parameters, options);
}

void AdamW::add_parameter_group(const ParameterList& parameters, const AdamWOptions& options) {
  Adam::add_parameter_group(parameters,
                            {options.lr, options.betas, options.eps, options.weight_decay, options.amsgrad});
}

}  // namespace heed

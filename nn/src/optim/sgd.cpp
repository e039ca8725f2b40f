// SGD: options and the list of updates; the formula is in heed/tensor/detail/optimizer_update.h.
#include <heed/nn/optim/sgd.h>

#include <heed/tensor/detail/optimizer_update.h>
#include <heed/tensor/error.h>

namespace heed {

SGD::SGD(const ParameterList& parameters, const SGDOptions& options) : Optimizer("SGD") {
  add_parameter_group(parameters, options);
}

void SGD::add_parameter_group(const ParameterList& parameters, const SGDOptions& options) {
  detail::check_not_negative(options.momentum, "SGD", "momentum");
  detail::check_not_negative(options.dampening, "SGD", "dampening");
  detail::check_not_negative(options.weight_decay, "SGD", "weight_decay");
  check(!options.nesterov || (options.momentum > 0 && options.dampening == 0), "SGD",
        "nesterov needs a momentum above 0 and a dampening of 0, got momentum ", options.momentum, " and dampening ",
        options.dampening);
  add_slots(parameters, options.lr);
  options_.push_back(options);
}

std::vector<std::string> SGD::state_names(int64_t group) const {
  if (options_[static_cast<size_t>(group)].momentum == 0) {
    return {};
  }
  return {"momentum_buffer"};
}

Optimizer::NamedOptions SGD::options(int64_t group) const {
  const SGDOptions& options = options_[static_cast<size_t>(group)];
  return {{"momentum", options.momentum},
          {"dampening", options.dampening},
          {"weight_decay", options.weight_decay},
          {"nesterov", options.nesterov ? 1.0 : 0.0}};
}

void SGD::step() {
  std::vector<SGDItem> items;
  update_each([&](Slot& slot, size_t g) {
    const SGDOptions& options = options_[g];
    items.push_back({.parameter = slot.parameter.mutable_value(),
                     .gradient = slot.parameter.grad(),
                     .momentum_buffer = options.momentum == 0 ? Tensor() : slot.state[0],
                     .step = {.learning_rate = groups_[g].lr,
                              .momentum = options.momentum,
                              .dampening = options.dampening,
                              .weight_decay = options.weight_decay,
                              .nesterov = options.nesterov,
                              .first_step = slot.steps == 1}});
  });
  sgd_update(items);
}

}  // namespace heed

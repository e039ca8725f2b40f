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
  begin_step();
  std::vector<SGDItem> items;
  for (size_t g = 0; g < groups_.size(); ++g) {
    const SGDOptions& options = options_[g];
    items.reserve(items.size() + groups_[g].slots.size());
    for (Slot& slot : groups_[g].slots) {
      if (!slot.parameter.grad().defined()) {
        continue;
      }
      begin_update(slot, options.momentum == 0 ? 0 : 1);
      SGDItem item;
      item.parameter = slot.parameter.mutable_value();
      item.gradient = slot.parameter.grad();
      if (options.momentum != 0) {
        item.momentum_buffer = slot.state[0];
      }
      item.first_step = slot.steps == 1;
      item.learning_rate = groups_[g].lr;
      item.momentum = options.momentum;
      item.dampening = options.dampening;
      item.weight_decay = options.weight_decay;
      item.nesterov = options.nesterov;
      items.push_back(std::move(item));
    }
  }
  sgd_update(items, KnownApart{});  // begin_step() has checked it
}

}  // namespace heed

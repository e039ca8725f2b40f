// Adagrad, in operations on whole tensors.
#include <heed/nn/optim/adagrad.h>

#include <heed/tensor/create.h>
#include <heed/tensor/elementwise.h>

namespace heed {

Adagrad::Adagrad(const ParameterList& parameters, const AdagradOptions& options) : Optimizer("Adagrad") {
  add_parameter_group(parameters, options);
}

void Adagrad::add_parameter_group(const ParameterList& parameters, const AdagradOptions& options) {
  detail::check_not_negative(options.lr_decay, name_, "lr_decay");
  detail::check_not_negative(options.weight_decay, name_, "weight_decay");
  detail::check_not_negative(options.initial_accumulator_value, name_, "initial_accumulator_value");
  detail::check_not_negative(options.eps, name_, "eps");
  add_slots(parameters, options.lr);
  options_.push_back(options);
}

std::vector<std::string> Adagrad::state_names(int64_t) const { return {"sum"}; }

Optimizer::NamedOptions Adagrad::options(int64_t group) const {
  const AdagradOptions& options = options_[static_cast<size_t>(group)];
  return {{"lr_decay", options.lr_decay},
          {"weight_decay", options.weight_decay},
          {"initial_accumulator_value", options.initial_accumulator_value},
          {"eps", options.eps}};
}

void Adagrad::step() {
  update_each([this](Slot& slot, size_t g) { update(slot, groups_[g].lr, options_[g]); });
}

void Adagrad::update(Slot& slot, double lr, const AdagradOptions& options) {
  Tensor& parameter = slot.parameter.mutable_value();
  Tensor& sum = slot.state[0];
  if (slot.steps == 1) {
    fill_(sum, options.initial_accumulator_value);
  }
  Tensor gradient = slot.parameter.grad();
  if (options.weight_decay != 0) {
    gradient = gradient + parameter * options.weight_decay;
  }
  add_(sum, gradient * gradient);
  const double rate = lr / (1 + static_cast<double>(slot.steps - 1) * options.lr_decay);
  add_(parameter, gradient / (sqrt(sum) + options.eps), -rate);
}

}  // namespace heed

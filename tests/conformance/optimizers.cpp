// The optimisers that cases name.
#include "conformance/optimizers.h"

#include <functional>

#include <heed/nn/optim/adagrad.h>
#include <heed/nn/optim/adam.h>
#include <heed/nn/optim/rmsprop.h>
#include <heed/nn/optim/sgd.h>

#include "conformance/function.h"

namespace heed::conformance {
namespace {

using OptimizerPointer = std::unique_ptr<Optimizer>;
using OptimizerTable = std::map<std::string, std::function<OptimizerPointer(Arguments&, const ParameterList&)>>;

OptimizerPointer sgd(Arguments& args, const ParameterList& parameters) {
  SGDOptions options;
  options.lr = args.get<double>("lr");
  options.momentum = args.get("momentum", options.momentum);
  options.dampening = args.get("dampening", options.dampening);
  options.weight_decay = args.get("weight_decay", options.weight_decay);
  options.nesterov = args.get("nesterov", options.nesterov);
  return std::make_unique<SGD>(parameters, options);
}

template <class Kind, class Options>
OptimizerPointer adam(Arguments& args, const ParameterList& parameters) {
  Options options;
  options.lr = args.get("lr", options.lr);
  options.betas = args.get("betas", options.betas);
  options.eps = args.get("eps", options.eps);
  options.weight_decay = args.get("weight_decay", options.weight_decay);
  options.amsgrad = args.get("amsgrad", options.amsgrad);
  return std::make_unique<Kind>(parameters, options);
}

OptimizerPointer rmsprop(Arguments& args, const ParameterList& parameters) {
  RMSpropOptions options;
  options.lr = args.get("lr", options.lr);
  options.alpha = args.get("alpha", options.alpha);
  options.eps = args.get("eps", options.eps);
  options.weight_decay = args.get("weight_decay", options.weight_decay);
  options.momentum = args.get("momentum", options.momentum);
  options.centered = args.get("centered", options.centered);
  return std::make_unique<RMSprop>(parameters, options);
}

OptimizerPointer adagrad(Arguments& args, const ParameterList& parameters) {
  AdagradOptions options;
  options.lr = args.get("lr", options.lr);
  options.lr_decay = args.get("lr_decay", options.lr_decay);
  options.weight_decay = args.get("weight_decay", options.weight_decay);
  options.initial_accumulator_value = args.get("initial_accumulator_value", options.initial_accumulator_value);
  options.eps = args.get("eps", options.eps);
  return std::make_unique<Adagrad>(parameters, options);
}

const OptimizerTable& optimizers() {
  static const OptimizerTable table{
      {"SGD", sgd},
      {"Adam", adam<Adam, AdamOptions>},
      {"AdamW", adam<AdamW, AdamWOptions>},
      {"RMSprop", rmsprop},
      {"Adagrad", adagrad},
  };
  return table;
}

}  // namespace

OptimizerPointer make_optimizer(const std::string& name, const nlohmann::json& values,
                                const ParameterList& parameters) {
  Arguments arguments(name, values);
  OptimizerPointer optimizer = look_up(optimizers(), name, "optimizer")(arguments, parameters);
  arguments.finish();
  return optimizer;
}

Failures replay_optimizer(const Case& given) {
  Failures failures;
  Variable parameter(given.tensor("in.param"), true);
  const auto optimizer = make_optimizer(given.name(), given.description().at("args"), std::vector<Variable>{parameter});
  const int64_t steps = given.description().at("steps");
  check(steps >= 1, "case", "expects nothing");
  for (int64_t step = 0; step < steps; ++step) {
    parameter.set_grad(given.tensor("in.grad." + std::to_string(step)));
    optimizer->step();
    given.compare("out.param." + std::to_string(step), parameter.value(), failures);
  }
  return failures;
}

}  // namespace heed::conformance

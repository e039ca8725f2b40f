// Translates PyTorch's arguments into options.
#include "support/conformance_optimizer.h"

#include <heed/nn/adam.h>
#include <heed/nn/sgd.h>

namespace heed::test {
namespace {

template <class Options>
Options adam_options(const nlohmann::json& args) {
  Options options;
  options.lr = args.value("lr", options.lr);
  if (args.contains("betas")) {
    options.betas = {args.at("betas").at(0), args.at("betas").at(1)};
  }
  options.eps = args.value("eps", options.eps);
  options.weight_decay = args.value("weight_decay", options.weight_decay);
  options.amsgrad = args.value("amsgrad", options.amsgrad);
  return options;
}

}  // namespace

std::unique_ptr<Optimizer> make_optimizer(const std::string& name, const nlohmann::json& args,
                                          const ParameterList& parameters) {
  if (name == "SGD") {
    SGDOptions options;
    options.lr = args.at("lr");
    options.momentum = args.value("momentum", options.momentum);
    options.dampening = args.value("dampening", options.dampening);
    options.weight_decay = args.value("weight_decay", options.weight_decay);
    options.nesterov = args.value("nesterov", options.nesterov);
    return std::make_unique<SGD>(parameters, options);
  }
  if (name == "Adam") {
    return std::make_unique<Adam>(parameters, adam_options<AdamOptions>(args));
  }
  if (name == "AdamW") {
    return std::make_unique<AdamW>(parameters, adam_options<AdamWOptions>(args));
  }
  return nullptr;
}

}  // namespace heed::test

// Layers and losses against PyTorch's numbers: outputs and all gradients.
#include <heed/autograd/backward.h>
#include <heed/nn/loss.h>

#include "support/catch.h"
#include "support/conformance.h"
#include "support/conformance_layer.h"
#include "support/reference.h"

using namespace heed;
using namespace heed::test;

namespace {

NamedVariables inputs_of(const ConformanceCase& given) {
  NamedVariables inputs;
  for (const std::string& name : given.members("in.")) {
    inputs[name] = Variable(given.tensor("in." + name), given.contains("grad.in." + name));
  }
  return inputs;
}

/// Compares the outputs, feeds the case's gradients into them and compares those of inputs and parameters.
void compare(const ConformanceCase& given, const NamedVariables& inputs, const NamedVariables& outputs,
             const Module* module) {
  std::vector<Variable> roots, gradients;
  for (const auto& [name, output] : outputs) {
    REQUIRE(given.difference("out." + name, output.value()) == "");
    roots.push_back(output);
    gradients.emplace_back(given.tensor("cot." + name));
  }
  const auto check_gradient = [&](const std::string& member, const Variable& variable) {
    const Variable found = grad(roots, {variable}, {.gradients = gradients, .retain_graph = true})[0];
    REQUIRE(given.difference(member, found.value()) == "");
  };
  for (const std::string& name : given.members("grad.in.")) {
    check_gradient("grad.in." + name, inputs.at(name));
  }
  if (module != nullptr) {
    for (const auto& [name, parameter] : module->named_parameters()) {
      check_gradient("grad.param." + name, parameter);
    }
  }
}

StateDict parameters_of(const ConformanceCase& given) {
  StateDict state;
  for (const std::string& name : given.members("param.")) {
    state.emplace_back(name, given.tensor("param." + name));
  }
  return state;
}

Variable loss_of(const ConformanceCase& given, const NamedVariables& inputs) {
  const std::string reduced = given.args().value("reduction", "mean");
  const Reduction reduction = reduced == "mean" ? Reduction::mean : reduced == "sum" ? Reduction::sum : Reduction::none;
  if (given.name() == "mse_loss") {
    return mse_loss(inputs.at("x"), inputs.at("target"), reduction);
  }
  if (given.name() == "cross_entropy") {
    return cross_entropy(inputs.at("x"), inputs.at("target").value(),
                         {.ignore_index = given.args().value("ignore_index", -100),
                          .label_smoothing = given.args().value("label_smoothing", 0.0),
                          .reduction = reduction});
  }
  return Variable();
}

}  // namespace

TEST_CASE("layers give PyTorch's outputs and gradients") {
  int replayed = 0;
  for (const std::string& path : conformance_cases("layer.")) {
    const ConformanceCase given(path);
    const ReplayedLayer layer = test::make_layer(given.name(), given.args());
    if (layer.module == nullptr) {
      continue;
    }
    INFO(path);
    const StateDict state = parameters_of(given);
    layer.module->to(given.description().at("dtype") == "float32" ? DType::float32 : DType::float64);
    layer.module->load_state_dict(state);
    const NamedVariables inputs = inputs_of(given);
    compare(given, inputs, layer.forward(inputs), layer.module.get());
    ++replayed;
  }
  REQUIRE(replayed >= 20);
}

TEST_CASE("losses give PyTorch's values and gradients") {
  int replayed = 0;
  for (const std::string& path : conformance_cases("loss.")) {
    const ConformanceCase given(path);
    const NamedVariables inputs = inputs_of(given);
    const Variable loss = loss_of(given, inputs);
    if (loss.defined()) {
      INFO(path);
      compare(given, inputs, {{"y", loss}}, nullptr);
      ++replayed;
    }
  }
  REQUIRE(replayed >= 4);
}

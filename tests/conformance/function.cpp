// Replays operations, losses and layers: outputs, then gradients of inputs and parameters.
#include "conformance/function.h"

#include <algorithm>

#include <heed/autograd/backward.h>
#include <heed/tensor/create.h>

namespace heed::conformance {
namespace {

Inputs inputs_of(const Case& given) {
  std::vector<std::pair<std::string, Variable>> values;
  for (const std::string& name : given.members("in.")) {
    values.emplace_back(name, Variable(given.tensor("in." + name), given.contains("grad.in." + name)));
  }
  return Inputs(std::move(values));
}

Variable output_named(const Outputs& outputs, const std::string& name) {
  for (const auto& [own, value] : outputs) {
    if (own == name && value.defined()) {
      return value;
    }
  }
  fail("case", "there is no output '", name, "'");
}

void compare_gradients(const Case& given, const Outputs& outputs,
                       const std::vector<std::pair<std::string, Variable>>& leaves, Failures& failures) {
  std::vector<Variable> roots, variables;
  GradOptions options;
  options.allow_unused = true;
  for (const std::string& name : given.members("cot.")) {
    roots.push_back(output_named(outputs, name));
    options.gradients.emplace_back(given.tensor("cot." + name));
  }
  for (const auto& [name, variable] : leaves) {
    variables.push_back(variable);
  }
  const std::vector<Variable> gradients = grad(roots, variables, options);
  for (size_t i = 0; i < leaves.size(); ++i) {
    const Tensor gradient = gradients[i].defined() ? gradients[i].value() : zeros_like(variables[i].value());
    given.compare("grad." + leaves[i].first, gradient, failures);
  }
}

/// The leaves whose gradients the case has, and no gradient that is not among them.
std::vector<std::pair<std::string, Variable>> leaves_of(const Case& given, const Inputs& inputs, const Module* module) {
  std::vector<std::pair<std::string, Variable>> leaves;
  for (const auto& [name, value] : inputs.values()) {
    if (value.requires_grad()) {
      leaves.emplace_back("in." + name, value);
    }
  }
  if (module != nullptr) {
    for (const auto& [name, value] : module->named_parameters()) {
      leaves.emplace_back("param." + name, value);
    }
  }
  check(leaves.size() == given.members("grad.").size(), "case", "has ", given.members("grad.").size(),
        " gradients, of ", leaves.size(), " inputs and parameters");
  return leaves;
}

Failures compare_all(const Case& given, const Inputs& inputs, const Outputs& outputs, const Module* module) {
  Failures failures;
  check(!given.members("out.").empty(), "case", "expects nothing");
  for (const std::string& name : given.members("out.")) {
    given.compare("out." + name, output_named(outputs, name).value(), failures);
  }
  const auto leaves = leaves_of(given, inputs, module);
  if (!leaves.empty()) {
    compare_gradients(given, outputs, leaves, failures);
  }
  return failures;
}

}  // namespace

Variable Inputs::optional(const std::string& name) {
  asked_.insert(name);
  const auto entry =
      std::find_if(values_.begin(), values_.end(), [&](const auto& value) { return value.first == name; });
  return entry == values_.end() ? Variable() : entry->second;
}

Variable Inputs::operator[](const std::string& name) {
  const Variable found = optional(name);
  check(found.defined(), "case", "needs the input '", name, "'");
  return found;
}

Tensor Inputs::data(const std::string& name) {
  const Variable found = optional(name);
  return found.defined() ? found.value() : Tensor();
}

void Inputs::finish() const {
  for (const auto& [name, value] : values_) {
    check(asked_.contains(name), "case", "unknown input '", name, "'");
  }
}

Failures replay_function(const Case& given, const FunctionTable& table) {
  const Function& function = look_up(table, given.name(), given.kind().c_str());
  Arguments arguments(given.name(), given.description().at("args"));
  Inputs inputs = inputs_of(given);
  const Outputs outputs = function(inputs, arguments);
  arguments.finish();
  inputs.finish();
  return compare_all(given, inputs, outputs, nullptr);
}

Layer make_layer(const std::string& name, const nlohmann::json& values) {
  for (const LayerTable* table : {&attention_layers(), &recurrent_layers()}) {
    if (const auto entry = table->find(name); entry != table->end()) {
      Arguments arguments(name, values);
      Layer layer = entry->second(arguments);
      arguments.finish();
      return layer;
    }
  }
  Arguments arguments(name, values);
  Layer layer = look_up(layers(), name, "layer")(arguments);
  arguments.finish();
  return layer;
}

Failures replay_layer(const Case& given) {
  const Layer layer = make_layer(given.name(), given.description().at("args"));
  layer.module->to(given.dtype());
  StateDict state;
  for (const std::string& name : given.members("param.")) {
    state.emplace_back(name, given.tensor("param." + name));
  }
  layer.module->load_state_dict(state);
  Inputs inputs = inputs_of(given);
  const Outputs outputs = layer.forward(inputs);
  inputs.finish();
  return compare_all(given, inputs, outputs, layer.module.get());
}

}  // namespace heed::conformance

// Module: walks over the tree of parts. State dicts: module_state.cpp.
#include <heed/nn/module.h>

#include <algorithm>
#include <unordered_set>

#include <heed/tensor/create.h>
#include <heed/tensor/error.h>

namespace heed {

void Module::check_name(const std::string& name) const {
  check(!name.empty() && name.find('.') == std::string::npos, "register",
        "a name must not be empty or have a dot, got '", name, "'");
  const auto same = [&name](const auto& entry) { return entry.first == name; };
  check(std::none_of(parameters_.begin(), parameters_.end(), same) && std::none_of(parts_.begin(), parts_.end(), same),
        "register", "the name '", name, "' is taken");
}

void Module::register_parameter(std::string name, Variable& parameter) {
  check_name(name);
  if (parameter.defined()) {
    parameters_.emplace_back(std::move(name), &parameter);
  }
}

void Module::register_module(std::string name, Module& part) {
  check_name(name);
  part.set_path(path_.empty() ? name : path_ + "." + name);
  parts_.emplace_back(std::move(name), &part);
}

void Module::set_path(std::string path) {
  path_ = std::move(path);
  for (const auto& [name, part] : parts_) {
    part->set_path(path_ + "." + name);
  }
}

std::vector<std::pair<std::string, const Module*>> Module::named_modules() const {
  std::vector<std::pair<std::string, const Module*>> result{{"", this}};
  for (const auto& [name, part] : parts_) {
    for (const auto& [inner, module] : part->named_modules()) {
      result.emplace_back(inner.empty() ? name : name + "." + inner, module);
    }
  }
  return result;
}

std::vector<std::pair<std::string, Variable>> Module::named_parameters() const {
  std::vector<std::pair<std::string, Variable>> result;
  for (const auto& [prefix, module] : named_modules()) {
    for (const auto& [name, parameter] : module->parameters_) {
      result.emplace_back(prefix.empty() ? name : prefix + "." + name, *parameter);
    }
  }
  return result;
}

std::vector<Variable> Module::parameters() const {
  std::vector<Variable> result;
  std::unordered_set<const void*> seen;
  for (const auto& [name, parameter] : named_parameters()) {
    if (seen.insert(parameter.state()).second) {
      result.push_back(parameter);
    }
  }
  return result;
}

int64_t Module::parameter_count() const {
  int64_t count = 0;
  for (const Variable& parameter : parameters()) {
    count += parameter.numel();
  }
  return count;
}

void Module::train(bool training) {
  training_ = training;
  for (const auto& [name, part] : parts_) {
    part->train(training);
  }
}

void Module::to(DType dtype) {
  check<DTypeError>(is_floating(dtype), "to", "parameters must be float32 or float64, got ", dtype);
  for (Variable parameter : parameters()) {
    parameter.zero_grad();
    parameter.set_value(heed::to(parameter.value(), dtype));
  }
}

void Module::zero_grad() {
  for (Variable parameter : parameters()) {
    parameter.zero_grad();
  }
}

}  // namespace heed

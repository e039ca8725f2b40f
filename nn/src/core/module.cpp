// Module: walks over the tree of parts. State dicts: module_state.cpp.
#include <heed/nn/core/module.h>

#include <algorithm>
#include <unordered_set>

#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/utf8.h>

namespace heed {

namespace {

thread_local bool evaluates = false;

constexpr const char* kWasDestroyed =
    "' was destroyed: parts and parameters are registered by reference, so keep them as members";

std::string joined(const std::string& name, const std::string& inner) {
  return name.empty() ? inner : name + "." + inner;
}

/// Those whose `identity` did not come before.
template <class Item, class Identity>
std::vector<Item> each_once(std::vector<Item> items, const Identity& identity) {
  std::unordered_set<const void*> seen;
  std::erase_if(items, [&](const Item& item) { return !seen.insert(identity(item)).second; });
  return items;
}

}  // namespace

EvaluationScope::EvaluationScope() : outer_(std::exchange(evaluates, true)) {}

EvaluationScope::~EvaluationScope() { evaluates = outer_; }

bool EvaluationScope::active() { return evaluates; }

Module::~Module() {
  for (const Entry<Module>& part : parts_) {
    if (!part.life.ended() && part.object->path_ == joined(path_, part.name)) {
      part.object->set_path("");
    }
  }
}

void Module::set_path(const std::string& path) {
  path_ = path;
  for (const Entry<Module>& part : parts_) {
    if (!part.life.ended()) {
      part.object->set_path(joined(path, part.name));
    }
  }
}

/// Calls visit(name, module) for `self`, named `name`, and all parts, parents first, under each of their names.
template <class Self, class Visit>
void Module::walk(Self& self, const std::string& name, const Visit& visit) {
  visit(name, self);
  for (const Entry<Module>& part : self.parts_) {
    const std::string inner = joined(name, part.name);
    check(!part.life.ended(), "Module", "part '", inner, kWasDestroyed);
    walk<Self>(*part.object, inner, visit);
  }
}

void Module::claim_name(const std::string& name) {
  check(!name.empty() && name.find('.') == std::string::npos, "register",
        "a name must not be empty or have a dot, got '", name, "'");
  // Checked now, not when the first checkpoint is saved, whose names are UTF-8.
  check(find_invalid_utf8(name) == name.size() && name.find('\0') == std::string::npos, "register",
        "a name must be UTF-8 without NUL bytes, got '", escape_invalid_utf8(name), "'");
  const auto gone = [&name](const auto& entry) { return entry.name == name && entry.life.ended(); };
  std::erase_if(parameters_, gone);
  std::erase_if(parts_, gone);
  const auto same = [&name](const auto& entry) { return entry.name == name; };
  check(std::none_of(parameters_.begin(), parameters_.end(), same) && std::none_of(parts_.begin(), parts_.end(), same),
        "register", "the name '", name, "' is taken");
}

void Module::register_parameter(std::string name, Variable& parameter) {
  claim_name(name);
  if (parameter.defined()) {
    parameters_.push_back({std::move(name), &parameter, parameter.watch()});
  }
}

void Module::register_module(std::string name, Module& part) {
  claim_name(name);
  walk(part, name, [this, &name](const std::string&, const Module& module) {
    check(&module != this, "register", "a module must not be a part of itself, '", name, "' would be");
  });
  part.set_path(joined(path_, name));
  parts_.push_back({std::move(name), &part, part.lifetime_.watch()});
}

std::vector<std::pair<std::string, const Module*>> Module::named_modules() const {
  std::vector<std::pair<std::string, const Module*>> result;
  walk(*this, "", [&](const std::string& name, const Module& module) { result.emplace_back(name, &module); });
  return each_once(std::move(result), [](const auto& named) -> const void* { return named.second; });
}

std::vector<std::pair<std::string, Variable>> Module::registered_parameters() const {
  std::vector<std::pair<std::string, Variable>> result;
  walk(*this, "", [&](const std::string& prefix, const Module& module) {
    for (const Entry<Variable>& parameter : module.parameters_) {
      const std::string name = joined(prefix, parameter.name);
      check(!parameter.life.ended(), "Module", "parameter '", name, kWasDestroyed);
      check(parameter.object->defined(), "Module", "parameter '", name, "' has become undefined");
      result.emplace_back(name, *parameter.object);
    }
  });
  return result;
}

std::vector<std::pair<std::string, Variable>> Module::named_parameters() const {
  return each_once(registered_parameters(), [](const auto& named) -> const void* { return named.second.state(); });
}

std::vector<Variable> Module::parameters() const {
  std::vector<Variable> result;
  for (const auto& [name, parameter] : named_parameters()) {
    result.push_back(parameter);
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
  std::vector<Module*> modules;
  walk(*this, "", [&](const std::string&, Module& module) { modules.push_back(&module); });
  for (Module* module : modules) {
    module->training_ = training;
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

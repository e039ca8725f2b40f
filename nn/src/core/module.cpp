// Module: walks over the tree of parts. State dicts: module_state.cpp.
#include <heed/nn/core/module.h>

#include <algorithm>
#include <unordered_set>

#include <heed/autograd/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/utf8.h>

#include "core/hooks.h"

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
  detail::drop_hooks(path_);
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
  check(!name.empty() && name.find('.') == std::string::npos, "Module", "a name must not be empty or have a dot, got '",
        name, "'");
  // Checked now, not when the first checkpoint is saved, whose names are such.
  check(find_invalid_utf8(name) == name.size() && !has_control(name), "Module",
        "a name must be UTF-8 without control characters, got '", printable(name), "'");
  const auto gone = [&name](const auto& entry) { return entry.name == name && entry.life.ended(); };
  const auto same = [&name](const auto& entry) { return entry.name == name; };
  const auto claim = [&](auto& entries) {
    std::erase_if(entries, gone);
    check(std::none_of(entries.begin(), entries.end(), same), "Module", "the name '", name, "' is taken");
  };
  claim(parameters_);
  claim(buffers_);
  claim(other_buffers_);
  claim(parts_);
}

void Module::register_parameter(std::string name, Variable& parameter) {
  const auto is_this = [&](const auto& entry) {
    return entry.name == name && entry.object == &parameter && entry.may_be_undefined && !entry.life.ended();
  };
  const auto earlier = std::find_if(parameters_.begin(), parameters_.end(), is_this);
  if (earlier != parameters_.end() && parameter.defined()) {  // it was undefined, and stays defined from now on
    earlier->may_be_undefined = false;
    return;
  }
  claim_name(name);
  parameters_.push_back({std::move(name), &parameter, parameter.watch(), !parameter.defined()});
}

void Module::register_buffer(std::string name, Variable& buffer, bool persistent) {
  claim_name(name);
  check(buffer.defined() && !buffer.requires_grad(), "Module", "the buffer '", name,
        buffer.defined() ? "' requires a gradient: it is a parameter" : "' is undefined");
  (persistent ? buffers_ : other_buffers_).push_back({std::move(name), &buffer, buffer.watch()});
}

void Module::register_module(std::string name, Module& part) {
  claim_name(name);
  walk(part, name, [this, &name](const std::string&, const Module& module) {
    check(&module != this, "Module", "a module must not be a part of itself, '", name, "' would be");
  });
  part.set_path(joined(path_, name));
  parts_.push_back({std::move(name), &part, part.lifetime_.watch()});
}

std::vector<std::pair<std::string, const Module*>> Module::named_modules() const {
  std::vector<std::pair<std::string, const Module*>> result;
  walk(*this, "", [&](const std::string& name, const Module& module) { result.emplace_back(name, &module); });
  return each_once(std::move(result), [](const auto& named) -> const void* { return named.second; });
}

const Module& Module::get_submodule(const std::string& name) const {
  const Module* found = nullptr;
  walk(*this, "", [&](const std::string& other, const Module& module) { found = other == name ? &module : found; });
  if (found == nullptr) {
    std::string all;
    for (const auto& [other, module] : named_modules()) {
      all += other.empty() ? "" : "\n  " + other;
    }
    fail("get_submodule", "there is no part '", printable(name), "'; there is", all.empty() ? " none" : ":", all);
  }
  return *found;
}

Module& Module::get_submodule(const std::string& name) {
  return const_cast<Module&>(std::as_const(*this).get_submodule(name));
}

std::vector<std::pair<std::string, Variable>> Module::named(std::initializer_list<Variables Module::*> lists) const {
  std::vector<std::pair<std::string, Variable>> result;
  walk(*this, "", [&](const std::string& prefix, const Module& module) {
    for (const auto list : lists) {
      for (const Entry<Variable>& entry : module.*list) {
        const std::string name = joined(prefix, entry.name);
        const char* const kind = list == &Module::parameters_ ? "parameter '" : "buffer '";
        check(!entry.life.ended(), "Module", kind, name, kWasDestroyed);
        check(entry.object->defined() || entry.may_be_undefined, "Module", kind, name, "' has become undefined");
        if (entry.object->defined()) {
          result.emplace_back(name, *entry.object);
        }
      }
    }
  });
  return result;
}

std::vector<std::pair<std::string, Variable>> Module::registered_parameters() const {
  return named({&Module::parameters_});
}

std::vector<std::pair<std::string, Variable>> Module::named_state() const {
  return named({&Module::parameters_, &Module::buffers_});
}

std::vector<std::pair<std::string, Variable>> Module::named_parameters() const {
  return each_once(registered_parameters(), [](const auto& named) -> const void* { return named.second.state(); });
}

std::vector<std::pair<std::string, Variable>> Module::named_buffers() const {
  return each_once(named({&Module::buffers_, &Module::other_buffers_}),
                   [](const auto& named) -> const void* { return named.second.state(); });
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
  for (auto& [name, buffer] : named_buffers()) {
    if (is_floating(buffer.dtype())) {
      buffer.set_value(heed::to(buffer.value(), dtype));
    }
  }
}

void Module::freeze() {
  for (Variable parameter : parameters()) {
    parameter.zero_grad();
    parameter.set_requires_grad(false);
  }
}

void Module::unfreeze() {
  for (Variable parameter : parameters()) {
    parameter.set_requires_grad(true);
  }
}

HookHandle Module::register_forward_hook(ForwardHook hook, std::string what) const {
  check(hook != nullptr, "register_forward_hook", "the hook is an empty function");
  return detail::add_hook(
      path_, {.wants = [what = std::move(what)](std::string_view other) { return what == other; },
              .call = [hook = std::move(hook)](std::string_view, const Variable& value) { return hook(value); }});
}

Tensor Module::to(const Tensor& x, DType dtype) { return heed::to(x, dtype); }

Variable Module::to(const Variable& x, DType dtype) { return heed::to(x, dtype); }

void Module::zero_grad() {
  for (Variable parameter : parameters()) {
    parameter.zero_grad();
  }
}

}  // namespace heed

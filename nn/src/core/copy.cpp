// copy_state: everything compared before anything changes.
#include <heed/nn/core/copy.h>

#include <unordered_map>

#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/text_stream.h>

namespace heed {
namespace {

using Named = std::vector<std::pair<std::string, Variable>>;

/// Says what one of them has and the other has not.
template <class First, class Second>
void compare_names(const First& first, const Second& second, const char* what, std::ostream& problems) {
  std::unordered_map<std::string_view, bool> names;
  for (const auto& entry : second) {
    names.emplace(entry.first, true);
  }
  for (const auto& entry : first) {
    if (!names.contains(entry.first)) {
      problems << "\n  " << what << ": " << (entry.first.empty() ? "the module itself" : entry.first);
    }
  }
}

/// `from` and `to` have the same names.
void compare_values(const Named& from, const Named& to, std::ostream& problems) {
  std::unordered_map<std::string_view, const Variable*> found;
  for (const auto& [name, variable] : to) {
    found.emplace(name, &variable);
  }
  std::unordered_map<const void*, const void*> there, back;  // which variable is which
  for (const auto& [name, variable] : from) {
    const Variable& other = *found.at(name);
    if (variable.shape() != other.shape()) {
      problems << "\n  wrong shape: " << name << " must be " << variable.shape() << ", got " << other.shape();
    }
    const bool fits = there.emplace(variable.state(), other.state()).first->second == other.state() &&
                      back.emplace(other.state(), variable.state()).first->second == variable.state();
    if (!fits) {
      problems << "\n  tied with another in one of them only: " << name;
    }
  }
}

}  // namespace

void copy_state(const Module& from, Module& to) {
  const auto lists = {&Module::parameters_, &Module::buffers_, &Module::other_buffers_};
  const Named values = from.named(lists), targets = to.named(lists);
  TextStream problems;
  compare_names(values, targets, "missing", problems);
  compare_names(targets, values, "unexpected", problems);
  compare_names(from.named_modules(), to.named_modules(), "missing part", problems);
  compare_names(to.named_modules(), from.named_modules(), "unexpected part", problems);
  if (problems.str().empty()) {
    compare_values(values, targets, problems);
  }
  check(problems.str().empty(), "copy_state", "the modules differ:", problems.str());
  std::unordered_map<std::string_view, const Variable*> found;
  for (const auto& [name, variable] : values) {
    found.emplace(name, &variable);
  }
  for (const auto& [name, target] : targets) {
    const Variable& source = *found.at(name);
    Variable changed = target;
    changed.set_value(clone(source.value()));
    changed.set_requires_grad(source.requires_grad());
  }
  std::unordered_map<std::string, bool> modes;
  for (const auto& [name, module] : from.named_modules()) {
    modes.emplace(name, module->training_);
  }
  std::vector<std::pair<std::string, Module*>> parts{{"", &to}};
  while (!parts.empty()) {
    const auto [name, module] = parts.back();
    parts.pop_back();
    if (const auto mode = modes.find(name); mode != modes.end()) {  // else one under its second name
      module->training_ = mode->second;
    }
    for (const auto& part : module->parts_) {
      parts.emplace_back(name.empty() ? part.name : name + "." + part.name, part.object);
    }
  }
}

}  // namespace heed

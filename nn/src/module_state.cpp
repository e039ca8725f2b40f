// A module's values in and out: checked whole before any of them is changed.
#include "module_state.h"

#include <sstream>
#include <string_view>
#include <unordered_map>

#include <heed/tensor/create.h>
#include <heed/tensor/error.h>

namespace heed {

std::vector<std::pair<Variable, Tensor>> detail::matched_state(const Module& module, const StateDict& state) {
  std::unordered_map<std::string_view, const Tensor*> given;
  for (const auto& [name, value] : state) {
    given.emplace(name, &value);
  }
  std::vector<std::pair<Variable, Tensor>> matched;
  std::ostringstream problems;
  for (const auto& [name, parameter] : module.named_parameters()) {
    const auto entry = given.find(name);
    if (entry == given.end()) {
      problems << "\n  missing: " << name << " " << parameter.shape();
      continue;
    }
    const Tensor& value = *entry->second;
    if (!value.defined()) {
      problems << "\n  undefined: " << name;
    } else if (value.shape() != parameter.shape()) {
      problems << "\n  wrong shape: " << name << " must be " << parameter.shape() << ", got " << value.shape();
    } else if (value.dtype() != parameter.dtype()) {
      problems << "\n  wrong dtype: " << name << " must be " << parameter.dtype() << ", got " << value.dtype();
    }
    matched.emplace_back(parameter, value);
    given.erase(entry);
  }
  for (const auto& [name, value] : state) {
    if (given.contains(name)) {
      problems << "\n  unexpected: " << name;
      if (value.defined()) {
        problems << " " << value.shape();
      }
    }
  }
  check(problems.str().empty(), "load_state_dict", "the names do not fit the module:", problems.str());
  return matched;
}

StateDict Module::state_dict() const {
  StateDict state;
  for (const auto& [name, parameter] : named_parameters()) {
    state.emplace_back(name, parameter.value());
  }
  return state;
}

void Module::load_state_dict(const StateDict& state) {
  for (const auto& [parameter, value] : detail::matched_state(*this, state)) {
    copy_(Variable(parameter).mutable_value(), value);
  }
}

}  // namespace heed

// A module's values in and out: checked whole before any of them is changed.
#include "module_state.h"

#include <cstring>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/overlap.h>
#include <heed/tensor/text_stream.h>

namespace heed {
namespace {

bool same_bits(const Tensor& a, const Tensor& b) {
  const Tensor x = contiguous(a), y = contiguous(b);
  const int64_t size = size_of(x.dtype());
  return std::memcmp(x.storage().data() + x.offset() * size, y.storage().data() + y.offset() * size,
                     static_cast<size_t>(x.numel() * size)) == 0;
}

/// Says why `value` cannot become that of the parameter `name`; true when it can.
bool fits(const std::string& name, const Variable& parameter, const Tensor& value, std::ostream& problems) {
  if (!value.defined()) {
    problems << "\n  undefined: " << name;
  } else if (value.shape() != parameter.shape()) {
    problems << "\n  wrong shape: " << name << " must be " << parameter.shape() << ", got " << value.shape();
  } else if (value.dtype() != parameter.dtype()) {
    problems << "\n  wrong dtype: " << name << " must be " << parameter.dtype() << ", got " << value.dtype();
  } else if (overlaps_itself(parameter.value())) {
    problems << "\n  not to be written: " << name << " is a broadcast view, whose elements share memory";
  } else {
    return true;
  }
  return false;
}

}  // namespace

std::vector<std::pair<Variable, Tensor>> detail::matched_state(const Module& module, const StateDict& state) {
  TextStream problems;
  std::unordered_map<std::string_view, const Tensor*> given;
  for (const auto& [name, value] : state) {
    if (!given.emplace(name, &value).second) {
      problems << "\n  there twice: " << name;
    }
  }
  std::vector<std::pair<Variable, Tensor>> matched;
  std::unordered_map<const void*, std::pair<std::string, const Tensor*>> first;  // of each variable
  for (const auto& [name, parameter] : module.registered_parameters()) {
    const auto entry = given.find(name);
    if (entry == given.end()) {
      problems << "\n  missing: " << name << " " << parameter.shape();
      continue;
    }
    const Tensor& value = *entry->second;
    given.erase(entry);
    if (fits(name, parameter, value, problems)) {
      const auto [same, is_first] = first.try_emplace(parameter.state(), name, &value);
      if (is_first) {
        matched.emplace_back(parameter, value);
      } else if (!same_bits(*same->second.second, value)) {
        problems << "\n  two values: " << same->second.first << " and " << name << " are one parameter";
      }
    }
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
  for (const auto& [name, parameter] : registered_parameters()) {
    state.emplace_back(name, parameter.value());
  }
  return state;
}

void Module::load_state_dict(const StateDict& state) {
  std::vector<std::pair<Variable, Tensor>> matched = detail::matched_state(*this, state);
  std::unordered_set<const std::byte*> written;
  for (const auto& [parameter, value] : matched) {
    written.insert(parameter.value().storage().data());
  }
  for (auto& [parameter, value] : matched) {
    if (written.contains(value.storage().data())) {
      value = clone(value);
    }
  }
  for (auto& [parameter, value] : matched) {
    copy_(parameter.mutable_value(), value);
  }
}

}  // namespace heed

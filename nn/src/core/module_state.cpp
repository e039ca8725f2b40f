// State dicts of modules: completely checked before any value changes.
#include "core/module_state.h"

#include <cstring>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include <heed/tensor/create.h>
#include <heed/tensor/detail/operation_scope.h>
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
  } else if (const char* const reason = detail::why_not_writable(parameter.value())) {
    problems << "\n  read-only: " << name << " is " << reason;
  } else {
    return true;
  }
  return false;
}

/// A parameter and the value that is meant for it.
struct Match {
  std::string name;
  Variable parameter;
  const Tensor* value;
};

/// Notes parameters that share memory but have different values.
void check_shared(const std::vector<Match>& matches, std::ostream& problems) {
  std::unordered_map<const std::byte*, const Match*> first;  // at each place in memory
  std::vector<const Tensor*> views;
  std::vector<const Match*> owners;
  for (const Match& match : matches) {
    const Tensor& view = match.parameter.value();
    const std::byte* const place = view.storage().data() + view.offset() * size_of(view.dtype());
    const Match& other = *first.try_emplace(place, &match).first->second;
    if (&other == &match || !same_view(view, other.parameter.value())) {
      views.push_back(&view);
      owners.push_back(&match);
    } else if (!same_bits(*other.value, *match.value)) {
      const bool is_tied = other.parameter.state() == match.parameter.state();
      problems << "\n  two values: " << other.name << " and " << match.name
               << (is_tied ? " are one parameter" : " share memory");
    }
  }
  if (const auto shared = find_shared(views)) {
    problems << "\n  share memory: " << owners[shared->first]->name << " and " << owners[shared->second]->name;
  }
}

}  // namespace

detail::MatchedState detail::matched_state(const Module& module, const StateDict& state, bool strict) {
  MatchedState matched;
  TextStream problems, lacking, surplus;
  std::unordered_map<std::string_view, const Tensor*> given;
  for (const auto& [name, value] : state) {
    if (!given.emplace(name, &value).second) {
      problems << "\n  there twice: " << name;
    }
  }
  std::vector<Match> matches;
  for (const auto& [name, target] : module.named_state()) {
    const auto entry = given.find(name);
    if (entry == given.end()) {
      lacking << "\n  missing: " << name << " " << target.shape();
      matched.rest.missing_keys.push_back(name);
      continue;
    }
    if (fits(name, target, *entry->second, problems)) {
      matches.push_back({name, target, entry->second});
    }
    given.erase(entry);
  }
  check_shared(matches, problems);
  for (const auto& [name, value] : state) {
    if (given.contains(name)) {
      surplus << "\n  unexpected: " << name;
      if (value.defined()) {
        surplus << " " << value.shape();
      }
      matched.rest.unexpected_keys.push_back(name);
    }
  }
  const std::string all = strict ? lacking.str() + problems.str() + surplus.str() : problems.str();
  check(all.empty(), "load_state_dict", "the state does not fit the module:", all);
  std::unordered_set<const void*> seen;
  for (const Match& match : matches) {
    if (seen.insert(match.parameter.state()).second) {
      matched.pairs.emplace_back(match.parameter, *match.value);
    }
  }
  return matched;
}

StateDict Module::state_dict() const {
  StateDict state;
  for (const auto& [name, variable] : named_state()) {
    state.emplace_back(name, variable.value());
  }
  return state;
}

IncompatibleKeys Module::load_state_dict(const StateDict& state, bool strict) {
  const detail::OperationScope operation("load_state_dict");
  detail::MatchedState matched = detail::matched_state(*this, state, strict);
  std::vector<const Tensor*> written;
  for (const auto& [variable, value] : matched.pairs) {
    written.push_back(&variable.value());
  }
  const detail::Storages storages(written);
  for (auto& [variable, value] : matched.pairs) {
    value = storages.hold(value) ? clone(value) : value;
  }
  for (auto& [variable, value] : matched.pairs) {
    copy_(variable.mutable_value(), value);
  }
  return std::move(matched.rest);
}

}  // namespace heed

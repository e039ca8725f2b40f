// Optimizer's state dict: completely checked before any state changes.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include <heed/nn/optim/optimizer.h>
#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/text_stream.h>

namespace heed {
namespace {

std::string state_name(const std::string& slot, std::string_view what) {
  return "state." + slot + "." + std::string(what);
}

std::string group_name(size_t group, std::string_view what) {
  return "group." + std::to_string(group) + "." + std::string(what);
}

/// Gives out each entry of a state dict once, and collects what is wrong with the entries.
class Entries {
 public:
  explicit Entries(const StateDict& state) : state_(state) {
    for (const auto& [name, value] : state) {
      if (!given_.emplace(name, &value).second) {
        refuse("there twice: " + name);
      }
    }
  }

  bool has(const std::string& name) const { return given_.contains(name); }

  /// Null, and a problem noted, unless it is there with that shape and dtype.
  const Tensor* take(const std::string& name, const Shape& shape, DType dtype) {
    const auto entry = given_.find(name);
    if (entry == given_.end()) {
      problems_ << "\n  missing: " << name;
      return nullptr;
    }
    const Tensor* value = entry->second;
    given_.erase(entry);
    if (!value->defined()) {
      problems_ << "\n  undefined: " << name;
      return nullptr;
    }
    if (value->shape() != shape || value->dtype() != dtype) {
      problems_ << "\n  wrong: " << name << " must be " << dtype << " " << shape << ", got " << value->dtype() << " "
                << value->shape();
      return nullptr;
    }
    return value;
  }

  void refuse(const std::string& problem) { problems_ << "\n  " << problem; }

  /// All problems, with the entries that were not used.
  std::string problems() const {
    TextStream all;
    all << problems_.str();
    for (const auto& [name, value] : state_) {
      if (given_.contains(name)) {
        all << "\n  unexpected: " << name;
      }
    }
    return all.str();
  }

 private:
  const StateDict& state_;
  std::unordered_map<std::string_view, const Tensor*> given_;
  TextStream problems_;
};

double take_number(Entries& entries, const std::string& name) {
  const Tensor* value = entries.take(name, {}, DType::float64);
  return value == nullptr ? 0 : value->item<double>();
}

/// The fewest digits that tell it from any other.
std::string digits(double value) {
  char text[32];
  return std::string(text, std::to_chars(text, text + sizeof text, value).ptr);
}

/// Beyond it a float64, in which corrections are computed, does not count.
constexpr int64_t kMostSteps = int64_t{1} << 53;

/// Refuses options that differ from those of the state; older states have no options.
void compare_options(Entries& entries, size_t group, const std::vector<std::pair<std::string, double>>& options) {
  const auto saved = [&](const auto& option) { return entries.has(group_name(group, option.first)); };
  if (std::none_of(options.begin(), options.end(), saved)) {
    return;
  }
  for (const auto& [option, here] : options) {
    const std::string name = group_name(group, option);
    const Tensor* value = entries.take(name, {}, DType::float64);
    const double saved_as = value == nullptr ? here : value->item<double>();
    if (saved_as != here && !(std::isnan(saved_as) && std::isnan(here))) {
      entries.refuse("other option: " + name + " is " + digits(here) + ", and the state was saved with " +
                     digits(saved_as));
    }
  }
}

}  // namespace

/// What an optimiser writes must come back: names that are there twice would be lost.
void Optimizer::check_state(const Slot& slot, const std::vector<std::string>& names) const {
  check(slot.state.size() == names.size(), name_, "the state of '", slot.name, "' has ", slot.state.size(),
        " tensors, and state_names() has ", names.size());
  for (size_t i = 0; i < names.size(); ++i) {
    const Tensor& value = slot.state[i];
    check(value.defined() && value.shape() == slot.parameter.shape() && value.dtype() == slot.parameter.dtype(), name_,
          "the state '", names[i], "' of '", slot.name, "' must be ", slot.parameter.dtype(), " ",
          slot.parameter.shape(), ", as the parameter is");
  }
}

StateDict Optimizer::state_dict() const {
  StateDict state;
  std::unordered_set<std::string> taken;
  const auto add = [&](std::string name, const Tensor& value) {
    check(taken.insert(name).second, name_, "the state has two entries '", name, "'");
    state.emplace_back(std::move(name), value);
  };
  for (size_t g = 0; g < groups_.size(); ++g) {
    const std::vector<std::string> names = state_names(static_cast<int64_t>(g));
    for (const Slot& slot : groups_[g].slots) {
      if (slot.steps == 0 && slot.state.empty()) {
        continue;
      }
      check(slot.steps > 0, name_, "the state of '", slot.name, "' has no steps: begin_update counts them");
      check_state(slot, names);
      add(state_name(slot.name, "step"), from_vector<int64_t>({slot.steps}, {}));
      for (size_t i = 0; i < names.size(); ++i) {
        add(state_name(slot.name, names[i]), slot.state[i]);
      }
    }
  }
  for (size_t g = 0; g < groups_.size(); ++g) {
    add(group_name(g, "lr"), scalar(groups_[g].lr, DType::float64));
    add(group_name(g, "initial_lr"), scalar(groups_[g].initial_lr, DType::float64));
    for (const auto& [option, value] : options(static_cast<int64_t>(g))) {
      add(group_name(g, option), scalar(value, DType::float64));
    }
  }
  return state;
}

std::function<void()> Optimizer::prepare_load(const StateDict& state) {
  Entries entries(state);
  const auto loaded = std::make_shared<std::vector<Group>>(groups_);
  for (size_t g = 0; g < loaded->size(); ++g) {
    Group& group = (*loaded)[g];
    const std::vector<std::string> names = state_names(static_cast<int64_t>(g));
    for (Slot& slot : group.slots) {
      slot.steps = 0;
      slot.state.clear();
      if (!entries.has(state_name(slot.name, "step"))) {
        continue;
      }
      const Tensor* steps = entries.take(state_name(slot.name, "step"), {}, DType::int64);
      slot.steps = steps == nullptr ? 0 : steps->item<int64_t>();
      if (slot.steps < 1 || slot.steps > kMostSteps) {
        entries.refuse("wrong: " + state_name(slot.name, "step") + " must be from 1 to 2^53, got " +
                       std::to_string(slot.steps));
      }
      for (const std::string& name : names) {
        const Tensor* value = entries.take(state_name(slot.name, name), slot.parameter.shape(), slot.parameter.dtype());
        slot.state.push_back(value == nullptr ? Tensor() : clone(*value));
      }
    }
    group.lr = take_number(entries, group_name(g, "lr"));
    group.initial_lr = take_number(entries, group_name(g, "initial_lr"));
    compare_options(entries, g, options(static_cast<int64_t>(g)));
  }
  const std::string problems = entries.problems();
  check(problems.empty(), name_, "the state does not fit the optimizer:", problems);
  for (const Group& group : *loaded) {
    detail::check_not_negative(group.lr, name_, "lr");
    detail::check_not_negative(group.initial_lr, name_, "initial_lr");
  }
  return [this, loaded] { groups_.swap(*loaded); };
}

void Optimizer::load_state_dict(const StateDict& state) { prepare_load(state)(); }

}  // namespace heed

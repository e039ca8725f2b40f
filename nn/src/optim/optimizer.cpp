// Optimizer: groups, learning rates and state.
#include <heed/nn/optim/optimizer.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <unordered_map>
#include <unordered_set>

#include <heed/tensor/create.h>
#include <heed/tensor/detail/operation_scope.h>
#include <heed/tensor/error.h>
#include <heed/tensor/overlap.h>

namespace heed {

namespace detail {
void check_not_negative(double value, const char* op, const char* name) {
  check(std::isfinite(value) && value >= 0, op, name, " must be finite and at least 0, got ", value);
}
}  // namespace detail

namespace {

bool is_alone(const Tensor& x) { return !x.defined() || x.storage().unique(); }

void check_parameter(const Variable& parameter, const std::string& name, std::string_view op) {
  constexpr const char* kRule = "a parameter must be a leaf of float32 or float64, '";
  check(parameter.defined(), op, kRule, name, "' is undefined");
  check(parameter.is_leaf(), op, kRule, name, "' is the result of an operation");
  check(is_floating(parameter.dtype()), op, kRule, name, "' is ", parameter.dtype());
}

}  // namespace

ParameterList::ParameterList(const std::vector<Variable>& parameters) {
  for (const Variable& parameter : parameters) {
    named_.emplace_back("", parameter);
  }
}

Optimizer::NamedOptions Optimizer::options(int64_t) const { return {}; }

void Optimizer::zero_grad() {
  for (Group& group : groups_) {
    for (Slot& slot : group.slots) {
      slot.parameter.zero_grad();
    }
  }
}

const Optimizer::Group& Optimizer::group_at(int64_t group) const {
  check<IndexError>(group >= 0 && group < group_count(), name_, "group must be in 0 … ", group_count() - 1, ", got ",
                    group);
  return groups_[static_cast<size_t>(group)];
}

void Optimizer::set_lr(double lr) {
  for (int64_t group = 0; group < group_count(); ++group) {
    set_lr(group, lr);
  }
}

void Optimizer::set_lr(int64_t group, double lr) {
  group_at(group);
  detail::check_not_negative(lr, name_, "lr");
  groups_[static_cast<size_t>(group)].lr = lr;
}

std::vector<Variable> Optimizer::parameters() const {
  std::vector<Variable> result;
  for (const Group& group : groups_) {
    for (const Slot& slot : group.slots) {
      result.push_back(slot.parameter);
    }
  }
  return result;
}

void Optimizer::add_slots(const ParameterList& parameters, double lr) {
  detail::check_not_negative(lr, name_, "lr");
  check(!parameters.named().empty(), name_, "needs at least one parameter, got an empty list");
  Group group;
  group.lr = group.initial_lr = lr;
  std::unordered_map<const void*, std::string> taken;
  std::unordered_set<std::string> names;
  for (const Group& other : groups_) {
    for (const Slot& slot : other.slots) {
      taken.emplace(slot.parameter.state(), slot.name);
      names.insert(slot.name);
    }
  }
  const size_t in_other_groups = taken.size();
  std::unordered_set<const void*> here;
  for (const auto& [given, parameter] : parameters.named()) {
    const std::string name = given.empty() ? std::to_string(in_other_groups + group.slots.size()) : given;
    check_parameter(parameter, name, name_);
    if (!here.insert(parameter.state()).second) {
      continue;
    }
    const auto other = taken.find(parameter.state());
    check(other == taken.end(), name_, "a parameter must be in one group only, '", name, "' is in another");
    check(names.insert(name).second, name_, "the parameter name '", name, "' is there twice");
    group.slots.push_back({name, parameter, 0, {}});
  }
  groups_.push_back(std::move(group));
}

void Optimizer::check_writable(const Slot& slot) const {
  const char* const reason = detail::why_not_writable(slot.parameter.value());
  check(reason == nullptr, name_, "cannot write to the parameter '", slot.name, "', ", reason);
}

void Optimizer::check_sizes(const Slot& slot) const {
  const Tensor& parameter = slot.parameter.value();
  const auto check_one = [&](const Tensor& x, const char* what) {
    check<ShapeError>(x.shape() == parameter.shape(), name_, what, " of the parameter '", slot.name, "' must be ",
                      parameter.shape(), ", got ", x.shape());
    check<DTypeError>(x.dtype() == parameter.dtype(), name_, what, " of the parameter '", slot.name, "' must be ",
                      parameter.dtype(), ", got ", x.dtype());
  };
  check_one(slot.parameter.grad(), "the gradient");
  for (const Tensor& state : slot.state) {
    check_one(state, "the state");
  }
}

void Optimizer::begin_step() {
  std::vector<Slot*> slots;
  bool alone = true;
  for (Group& group : groups_) {
    slots.reserve(slots.size() + group.slots.size());
    for (Slot& slot : group.slots) {
      if (slot.parameter.grad().defined()) {
        check_writable(slot);
        check_sizes(slot);
        slots.push_back(&slot);
        alone =
            alone && is_alone(slot.parameter.value()) && std::all_of(slot.state.begin(), slot.state.end(), is_alone);
      }
    }
  }
  if (alone) {
    return;
  }
  std::vector<const Tensor*> written;
  std::vector<const Slot*> owners;
  for (const Slot* slot : slots) {
    written.push_back(&slot->parameter.value());
    owners.push_back(slot);
    for (const Tensor& state : slot->state) {
      written.push_back(&state);
      owners.push_back(slot);
    }
  }
  if (const auto shared = find_shared(written)) {
    fail(name_, "parameters and their states must not share memory, those of '", owners[shared->first]->name, "' and '",
         owners[shared->second]->name, "' do");
  }
  const detail::Storages storages(written);
  for (Slot* slot : slots) {
    const Tensor& gradient = slot->parameter.grad();
    if (storages.hold(gradient)) {
      slot->parameter.set_grad(clone(gradient));
    }
  }
}

int64_t Optimizer::group_of(const Slot& slot) const {
  const auto has = [&slot](const Group& group) {
    const Slot* const first = group.slots.data();
    return !std::less<>()(&slot, first) && std::less<>()(&slot, first + group.slots.size());
  };
  const auto group = std::find_if(groups_.begin(), groups_.end(), has);
  check(group != groups_.end(), name_, "begin_update needs a slot of groups_, got a copy, whose state would be lost");
  return group - groups_.begin();
}

void Optimizer::begin_update(Slot& slot, size_t state_tensors) {
  const detail::OperationScope operation(name_);
  check_writable(slot);
  const int64_t group = group_of(slot);
  if (slot.steps == 0) {
    const size_t names = state_names(group).size();
    check(names == state_tensors, name_, "begin_update needs one tensor per state name: ", names, ", got ",
          state_tensors);
    slot.state.clear();
    for (size_t i = 0; i < state_tensors; ++i) {
      slot.state.push_back(zeros(slot.parameter.shape(), slot.parameter.dtype()));
    }
  }
  check(slot.state.size() == state_tensors, name_, "begin_update: the state of '", slot.name, "' has ",
        slot.state.size(), " tensors, got ", state_tensors);
  ++slot.steps;
}

void Optimizer::update_each(const std::function<void(Slot& slot, size_t group)>& update) {
  const detail::OperationScope operation(name_);
  begin_step();
  for (size_t g = 0; g < groups_.size(); ++g) {
    const size_t tensors = state_names(static_cast<int64_t>(g)).size();
    for (Slot& slot : groups_[g].slots) {
      if (slot.parameter.grad().defined()) {
        begin_update(slot, tensors);
        update(slot, g);
      }
    }
  }
}

}  // namespace heed

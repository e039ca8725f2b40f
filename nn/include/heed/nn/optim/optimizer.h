// Optimizer: what all optimisers share: groups of parameters, their rates and their state. SGD: sgd.h; Adam, AdamW:
// adam.h.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include <heed/autograd/detail/lifetime.h>
#include <heed/nn/core/module.h>

namespace heed {

/// The parameters of a group: those of a module, or named ones, or plain ones (named "0", "1", … by their place).
/// A variable that is listed twice (tied weights) counts once, under its first name.
class ParameterList {
 public:
  ParameterList(const Module& module) : named_(module.named_parameters()) {}                             // NOLINT
  ParameterList(std::vector<std::pair<std::string, Variable>> named) : named_(std::move(named)) {}       // NOLINT
  ParameterList(const std::vector<Variable>& parameters);                                                // NOLINT
  ParameterList(std::initializer_list<std::pair<std::string, Variable>> named) : named_(named) {}        // NOLINT
  ParameterList(std::initializer_list<Variable> parameters) : ParameterList(std::vector(parameters)) {}  // NOLINT
  const std::vector<std::pair<std::string, Variable>>& named() const { return named_; }

 private:
  std::vector<std::pair<std::string, Variable>> named_;
};

/// Updates parameters from their gradients, in place. A parameter without a gradient is left as it is.
class Optimizer {
 public:
  Optimizer(const Optimizer&) = delete;
  Optimizer& operator=(const Optimizer&) = delete;
  virtual ~Optimizer() = default;

  /// One update of every parameter that has a gradient. An optimiser of one's own calls begin_step() first and
  /// begin_update() before it reads the state of a parameter; update_each() does both. What it keeps is in the slots
  /// and in options(), which a checkpoint holds; anything else would be lost.
  virtual void step() = 0;
  /// Drops the gradients of all parameters.
  void zero_grad();

  int64_t group_count() const { return static_cast<int64_t>(groups_.size()); }
  /// The current learning rate. Throws IndexError.
  double lr(int64_t group = 0) const { return group_at(group).lr; }
  /// The initial learning rate of the group, from which schedules start. Throws IndexError.
  double initial_lr(int64_t group = 0) const { return group_at(group).initial_lr; }
  /// Throws ValueError unless lr is finite and ≥ 0.
  void set_lr(double lr);
  void set_lr(int64_t group, double lr);
  /// Of all groups, in order.
  std::vector<Variable> parameters() const;

  /// "state.NAME.step" and "state.NAME.exp_avg" and so on of each parameter that was updated, then of each group
  /// "group.I.lr", "group.I.initial_lr" and the options it was made with ("group.I.eps"). The tensors share storage
  /// with the state. Throws ValueError where a state is not what state_names() says: it could not be loaded.
  StateDict state_dict() const;
  /// Copies the values and the rates. Throws ValueError listing all unexpected, incomplete and mis-shaped entries, and
  /// the options that differ from those of this optimiser; nothing has changed then. A state without options
  /// (an older one, or one from which they were removed) always fits.
  void load_state_dict(const StateDict& state);
  /// The first half of load_state_dict: all that can fail. The function that it returns sets the state and does not
  /// throw.
  [[nodiscard]] std::function<void()> prepare_load(const StateDict& state);
  /// For holders of its address: reports when it is destroyed.
  detail::Watch watch() { return lifetime_.watch(); }

 protected:
  /// A parameter with its state, in the order of state_names(); empty before its first update.
  struct Slot {
    std::string name;
    Variable parameter;
    int64_t steps = 0;
    std::vector<Tensor> state;
  };
  using NamedOptions = std::vector<std::pair<std::string, double>>;
  struct Group {
    std::vector<Slot> slots;
    double lr = 0;
    double initial_lr = 0;
  };

  explicit Optimizer(const char* name) : name_(name) {}
  /// Throws ValueError for an empty list, a bad rate, and a parameter that is not a leaf, not floating, or listed
  /// already.
  void add_slots(const ParameterList& parameters, double lr);
  /// The names of the tensors of a slot's state in a group: different ones, none of them "step".
  virtual std::vector<std::string> state_names(int64_t group) const = 0;
  /// The options of a group, but for the rate, under their names; a flag is 0 or 1.
  virtual NamedOptions options(int64_t group) const;
  /// To begin step() with. Throws ValueError, naming the parameters, where one with a gradient cannot be written or
  /// shares memory, or its state does, with another. Gradients that do are copied, since they must not change on the
  /// way.
  void begin_step();
  /// Counts a step of a slot of groups_ (not of a copy), giving it zeros for a state before the first one. Throws
  /// ValueError, with nothing counted, unless state_names() has that many names, and for a parameter that cannot be
  /// written.
  void begin_update(Slot& slot, size_t state_tensors);
  /// begin_step(), then begin_update() and `update`, which gets the slot and its group, for each parameter that has a
  /// gradient.
  void update_each(const std::function<void(Slot& slot, size_t group)>& update);

  const char* name_;
  std::vector<Group> groups_;

 private:
  const Group& group_at(int64_t group) const;
  int64_t group_of(const Slot& slot) const;
  void check_writable(const Slot& slot) const;
  void check_sizes(const Slot& slot) const;
  void check_state(const Slot& slot, const std::vector<std::string>& names) const;

  detail::Lifetime lifetime_;
};

namespace detail {
/// Throws ValueError "op: name must be at least 0 and finite, got …".
void check_not_negative(double value, const char* op, const char* name);
}  // namespace detail

}  // namespace heed

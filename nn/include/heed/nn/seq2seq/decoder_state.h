// DecoderState: everything a decoder needs for its next step, as a struct of its own with named members.
#pragma once

#include <any>
#include <concepts>
#include <utility>
#include <vector>

#include <heed/autograd/variable.h>
#include <heed/tensor/error.h>

namespace heed {

struct AttentionMemory;

/// The members of a state, told by its list(). Axis 0 of each is the batch; one may be undefined.
class StateMembers {
 public:
  /// A member that is new after each step, such as a cell's state. `name` must be a literal.
  void changing(const char* name, Variable& member) { add(name, &member, nullptr, true); }
  void changing(const char* name, std::vector<Variable>& members);
  /// A member that start() computes once, such as a memory or its mask.
  void fixed(const char* name, Variable& member) { add(name, &member, nullptr, false); }
  void fixed(const char* name, std::vector<Variable>& members);
  void fixed(const char* name, Tensor& member) { add(name, nullptr, &member, false); }
  void fixed(AttentionMemory& memory);

 private:
  friend class DecoderState;
  struct Member {
    const char* name;
    Variable* variable;  // one of the two
    Tensor* tensor;
    bool changes;
  };
  void add(const char* name, Variable* variable, Tensor* tensor, bool changes);
  std::vector<Member> members_;
};

template <class State>
concept ListsItsMembers = requires(State state, StateMembers& members) {
  state.list(members);
};

/// Holds the state of any decoder. The decoder defines a struct whose list() names the members that hold rows; others,
/// such as a number of steps, are copied along:
///
///   struct State {
///     Variable h;       // (B, H)
///     Variable memory;  // (B, S, M)
///     void list(StateMembers& members) {
///       members.changing("h", h);
///       members.fixed("memory", memory);
///     }
///   };
///   DecoderState start(const Encoding& encoding) override { return State{encoding.state[0], encoding.memory}; }
///
/// and reads it with `state.as<State>()`. A part of a state may be a DecoderState again.
class DecoderState {
 public:
  /// Of a decoder that needs none.
  DecoderState() = default;
  template <ListsItsMembers State>
  requires(!std::same_as<State, DecoderState>)
      DecoderState(State state)  // NOLINT(google-explicit-constructor): a decoder returns its own struct
      : state_(std::move(state)),
        list_([](std::any& held, StateMembers& members) { std::any_cast<State>(&held)->list(members); }) {}

  /// Throws ValueError for a state of another type, which another decoder made.
  template <class State>
  const State& as() const {
    const auto* state = std::any_cast<State>(&state_);
    check(state != nullptr, "Decoder", "needs a state that its own start() or step() made, got another");
    return *state;
  }

  /// The rows that `rows` (int64, rank 1) names, in that order; one may be named several times.
  DecoderState select(const Tensor& rows) const;
  /// The same with the rows of changing members alone selected: for `rows` that stay with their sources.
  DecoderState select_changing(const Tensor& rows) const;
  /// Throws ShapeError, with the member's name, unless all members have `rows` rows.
  void check_rows(int64_t rows) const;
  /// Adds the members of a state that is part of another.
  void list(StateMembers& members);

 private:
  DecoderState select(const Tensor& rows, bool fixed_too) const;

  std::any state_;
  void (*list_)(std::any& held, StateMembers& members) = nullptr;
};

}  // namespace heed

// DecoderState: everything a decoder needs for its next step, as a struct of its own with named members.
#pragma once

#include <any>
#include <concepts>
#include <functional>
#include <utility>
#include <vector>

#include <heed/autograd/variable.h>
#include <heed/tensor/error.h>

namespace heed {

struct AttentionMemory;

/// Goes through the members of a state, as its list() names them. A member is a Variable or Tensor whose axis 0 is the
/// batch, or which is undefined, or a list of such, or an AttentionMemory. Names must be literals.
class StateMembers {
 public:
  using Visit = std::function<void(const char* name, bool changes, Variable& member)>;
  explicit StateMembers(Visit visit) : visit_(std::move(visit)) {}
  /// A member that is new after each step, such as a cell's state.
  template <class Member>
  void changing(const char* name, Member& member) {
    go_through(name, true, member);
  }
  /// A member that start() computes once, such as a memory.
  template <class Member>
  void fixed(const char* name, Member& member) {
    go_through(name, false, member);
  }

 private:
  void go_through(const char* name, bool changes, Variable& member);
  void go_through(const char* name, bool changes, Tensor& member);
  void go_through(const char* name, bool changes, AttentionMemory& memory);
  template <class Member>
  void go_through(const char* name, bool changes, std::vector<Member>& members) {
    for (Member& member : members) {
      go_through(name, changes, member);
    }
  }

  Visit visit_;
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
///   DecoderState start(const Encoding& encoding) const override {
///     return State{encoding.state[0][0], encoding.memory};
///   }
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
  DecoderState select(const Tensor& rows) const { return select(rows, true); }
  /// The same with the rows of changing members alone selected: for `rows` that stay with their sources.
  DecoderState select_changing(const Tensor& rows) const { return select(rows, false); }
  /// Throws ShapeError, with the member's name, unless all members have `rows` rows.
  void check_rows(int64_t rows) const;
  /// Throws ValueError, with the member's name, where a fixed one is not the tensor that it was in `before`: a search
  /// would leave its rows with other sequences.
  void check_fixed(const DecoderState& before) const;
  /// Adds the members of a state that is part of another.
  void list(StateMembers& members);

 private:
  DecoderState select(const Tensor& rows, bool fixed_too) const;
  std::vector<std::pair<const char*, Variable>> fixed_members() const;

  std::any state_;
  void (*list_)(std::any& held, StateMembers& members) = nullptr;
};

}  // namespace heed

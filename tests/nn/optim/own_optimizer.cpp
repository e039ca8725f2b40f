// An optimiser of one's own: what its state must be for a checkpoint to hold all of it.
#include <functional>
#include <memory>

#include <heed/nn/optim/optimizer.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>

#include "support/catch.h"
#include "support/reference.h"

using namespace heed;
using namespace heed::test;

namespace {

/// Momentum, with mistakes to be switched on.
class Own : public Optimizer {
 public:
  std::vector<std::string> names{"velocity"};
  NamedOptions named_options;
  size_t tensors = 1;
  bool copies_slots = false, counts = true;
  std::function<void(std::vector<Tensor>& state)> after = [](std::vector<Tensor>&) {};

  explicit Own(const ParameterList& parameters) : Optimizer("Own") { add_slots(parameters, 0.5); }

  void step() override {
    begin_step();
    for (Group& group : groups_) {
      for (Slot& slot : group.slots) {
        Slot copy = slot;
        Slot& used = copies_slots ? copy : slot;
        if (counts && slot.parameter.grad().defined()) {
          begin_update(used, tensors);
          add_(used.state[0], used.parameter.grad());
          add_(used.parameter.mutable_value(), used.state[0], -group.lr);
        }
        after(used.state);
      }
    }
  }

 protected:
  std::vector<std::string> state_names(int64_t) const override { return names; }
  NamedOptions options(int64_t) const override { return named_options; }
};

struct Trial {
  Variable parameter{random_tensor({3}, 1), true};
  Own own{std::vector<std::pair<std::string, Variable>>{{"w", parameter}}};
  Tensor before = clone(parameter.value());

  Trial() { parameter.set_grad(ones({3})); }
  std::string step_error() {
    return message_of<ValueError>([this] { own.step(); });
  }
  std::string save_error() {
    return message_of<ValueError>([this] { own.state_dict(); });
  }
};

}  // namespace

TEST_CASE("begin_update refuses another number of tensors than state_names() has names") {
  for (const size_t tensors : {2, 0}) {
    Trial trial;
    trial.own.tensors = tensors;
    CHECK(trial.step_error() == "Own: begin_update needs one tensor per state name: 1, got " + std::to_string(tensors));
    CHECK(same_bits(trial.parameter.value(), trial.before));
    trial.own.tensors = 1;
    trial.own.step();
    trial.own.tensors = 2;  // as after the first, so later
    CHECK(trial.step_error() == "Own: begin_update: the state of 'w' has 1 tensors, got 2");
    CHECK(trial.own.state_dict()[0].second.item<int64_t>() == 1);
  }
}

TEST_CASE("begin_update refuses a copy of a slot, whose state would be lost") {
  Trial trial;
  trial.own.copies_slots = true;
  const std::string expected = "Own: begin_update needs a slot of groups_, got a copy, whose state would be lost";
  CHECK(trial.step_error() == expected);
  trial.own.copies_slots = false;
  trial.own.step();
  trial.own.copies_slots = true;  // as before the first step, so later
  CHECK(trial.step_error() == expected);
}

TEST_CASE("begin_step refuses parameters that share memory, in an optimiser of one's own too") {
  const Tensor block = random_tensor({6}, 1);
  const Tensor before = clone(block);
  Variable first(narrow(block, 0, 0, 4), true), second(narrow(block, 0, 2, 4), true);
  Own own(std::vector<std::pair<std::string, Variable>>{{"first", first}, {"second", second}});
  first.set_grad(ones({4}));
  second.set_grad(ones({4}));
  CHECK(message_of<ValueError>([&] { own.step(); }) ==
        "Own: parameters and their states must not share memory, those of 'first' and 'second' do");
  CHECK(same_bits(block, before));
  second.set_grad(first.value());  // a gradient may, and is read as it was
  first.zero_grad();
  own.step();
  CHECK(same_bits(narrow(block, 0, 2, 4), narrow(before, 0, 2, 4) - narrow(before, 0, 0, 4) * 0.5));
}

TEST_CASE("begin_step refuses a state that is a parameter's tensor") {
  Trial trial;
  trial.own.after = [&trial](std::vector<Tensor>& state) { state[0] = trial.parameter.value(); };
  trial.own.step();
  CHECK(trial.step_error() == "Own: parameters and their states must not share memory, those of 'w' and 'w' do");
}

TEST_CASE("a state that could not be loaded is not saved") {
  const auto refused = [](const std::function<void(Trial&)>& mistake) {
    Trial trial;
    mistake(trial);
    trial.own.step();
    return trial.save_error();
  };
  CHECK(refused([](Trial& trial) {
          trial.own.after = [](std::vector<Tensor>& state) { state.push_back(ones({3})); };
        }) == "Own: the state of 'w' has 2 tensors, and state_names() has 1");
  CHECK(refused([](Trial& trial) { trial.own.after = [](std::vector<Tensor>& state) { state[0] = ones({4}); }; }) ==
        "Own: the state 'velocity' of 'w' must be float32 (3,), as the parameter is");
  CHECK(refused([](Trial& trial) { trial.own.after = [](std::vector<Tensor>& state) { state[0] = Tensor(); }; }) ==
        "Own: the state 'velocity' of 'w' must be float32 (3,), as the parameter is");
  CHECK(refused([](Trial& trial) { trial.own.names = {"step"}; }) == "Own: the state has two entries 'state.w.step'");
  CHECK(refused([](Trial& trial) {
          trial.own.named_options = {{"lr", 1}};
        }) == "Own: the state has two entries 'group.0.lr'");
  CHECK(refused([](Trial& trial) {
          trial.own.names = {"a", "a"};
          trial.own.tensors = 2;
        }) == "Own: the state has two entries 'state.w.a'");
  CHECK(refused([](Trial& trial) {
          trial.own.counts = false;
          trial.own.after = [](std::vector<Tensor>& state) { state.assign(1, ones({3})); };
        }) == "Own: the state of 'w' has no steps: begin_update counts them");
}

TEST_CASE("an optimiser of one's own is saved and goes on from its state") {
  Trial trial, resumed;
  trial.own.step();
  StateDict state;
  for (const auto& [name, value] : trial.own.state_dict()) {
    state.emplace_back(name, clone(value));
  }
  resumed.parameter.set_value(clone(trial.parameter.value()));
  resumed.own.load_state_dict(state);
  trial.own.step();
  resumed.own.step();
  CHECK(same_bits(trial.parameter.value(), resumed.parameter.value()));
  state.emplace_back("state.w.velocity", ones({3}));
  CHECK(message_of<ValueError>([&] { resumed.own.load_state_dict(state); }).find("there twice: state.w.velocity") !=
        std::string::npos);
}

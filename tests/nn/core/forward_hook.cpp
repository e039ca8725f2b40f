// Forward hooks, and what record() hands to them.
#include <memory>
#include <thread>

#include <heed/autograd/backward.h>
#include <heed/autograd/elementwise.h>
#include <heed/autograd/node.h>
#include <heed/autograd/reduce.h>
#include <heed/nn/core/linear.h>
#include <heed/nn/core/module.h>
#include <heed/nn/core/sequential.h>
#include <heed/nn/recurrent/lstm.h>
#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/random.h>

#include "support/catch.h"
#include "support/message.h"
#include "support/reference.h"

using namespace heed;
using namespace heed::test;

namespace {

struct Gate : UnaryModule {
  Linear proj{3, 3};
  Gate() { register_module("proj", proj); }
  Variable forward(const Variable& x) const override {
    const NameScope scope(path());
    const Variable gate = record("gate", sigmoid(proj.forward(x)));
    return record("output", gate * x);
  }
};

}  // namespace

TEST_CASE("a hook sees what its module gives until its handle removes it") {
  Sequential model;
  Gate& gate = model.add<Gate>();
  model.add<Gate>();
  std::vector<Tensor> seen;
  HookHandle handle = gate.proj.register_forward_hook([&](const Variable& output) {
    seen.push_back(output.value());
    return Variable();
  });
  const Tensor x = randn({2, 3});
  const Tensor before = model.forward(x).value();
  REQUIRE(seen.size() == 1);
  const Tensor again = gate.proj.forward(x).value();
  REQUIRE(seen.size() == 2);
  CHECK(same_bits(seen[0], again));
  handle.remove();
  handle.remove();
  CHECK(same_bits(model.forward(x).value(), before));
  CHECK(seen.size() == 2);
}

TEST_CASE("what a hook returns stands in the place of the output, and gradients pass through it") {
  Gate gate;
  const Tensor x = randn({2, 3});
  HookHandle first = gate.register_forward_hook([](const Variable& y) { return y * 0.0; });
  HookHandle second = gate.register_forward_hook([](const Variable& y) { return y + 1.0; });
  CHECK(same_bits(gate.forward(x).value(), ones({2, 3})));
  first.remove();
  second.remove();
  HookHandle shut = gate.register_forward_hook([](const Variable& y) { return y * 0.0; }, "gate");
  const Variable output = gate.forward(x);
  CHECK(same_bits(output.value() + 0.0, zeros({2, 3})));
  backward(sum(output));
  CHECK(same_bits(gate.proj.weight().grad() + 0.0, zeros({3, 3})));
  shut.remove();
}

TEST_CASE("a hook must be a function and give what fits") {
  Gate gate;
  CHECK(message_of<ValueError>([&] { gate.register_forward_hook(nullptr); }) ==
        "register_forward_hook: the hook is an empty function");
  Sequential model;
  Gate& part = model.add<Gate>();
  part.register_forward_hook([](const Variable&) { return Variable(ones({4})); });
  CHECK(message_of<ValueError>([&] {
          model.forward(randn({2, 3}));
        }) == "0: forward hook: what it puts in place of output must be float32 (2, 3), got float32 (4,)");
}

TEST_CASE("a hook cannot replace a value that the forward does not go on with") {
  struct Shows : UnaryModule {
    Variable forward(const Variable& x) const override {
      const NameScope scope(path());
      record_only("input", x);
      return record("output", x * 2.0);
    }
  };
  const Shows layer;  // a hook writes nothing to the module
  const Tensor x = ones({2});
  Tensor seen;
  {
    const ScopedHook watches(layer.register_forward_hook(
        [&seen](const Variable& value) {
          seen = value.value();
          return value;
        },
        "input"));
    CHECK(same_bits(layer.forward(x).value(), x * 2.0));
    CHECK(same_bits(seen, x));
  }
  CHECK(detail::hook_count == 0);
  ScopedHook replaces(layer.register_forward_hook([](const Variable& value) { return value * 3.0; }, "input"));
  CHECK(message_of<ValueError>([&] { layer.forward(x); }) ==
        "forward hook: input cannot be replaced, since nothing is computed from what is recorded: return an undefined "
        "Variable");
  replaces = ScopedHook(layer.register_forward_hook([](const Variable& value) { return value * 3.0; }));
  CHECK(same_bits(layer.forward(x).value(), x * 6.0));
  const ScopedHook moved(std::move(replaces));
  CHECK(same_bits(layer.forward(x).value(), x * 6.0));
}

TEST_CASE("gates and states of recurrent layers cannot be replaced by a hook") {
  const LSTM lstm(3, 2);
  for (const char* name : {"l0.h", "l0.gates", "l0.c"}) {
    const ScopedHook hook(lstm.register_forward_hook([](const Variable& value) { return value * 3.0; }, name));
    CHECK_THROWS_AS(lstm.forward(randn({1, 4, 3})), ValueError);
  }
  CHECK_NOTHROW(lstm.forward(randn({1, 4, 3})));
}

TEST_CASE("a hook may remove itself, and goes with its module") {
  int calls = 0;
  {
    Gate gate;
    HookHandle handle;
    handle = gate.register_forward_hook([&](const Variable&) {
      ++calls;
      handle.remove();
      return Variable();
    });
    gate.register_forward_hook([&](const Variable&) { return Variable(); });
    gate.forward(randn({1, 3}));
    gate.forward(randn({1, 3}));
    CHECK(calls == 1);
    CHECK(detail::hook_count == 1);
  }
  CHECK(detail::hook_count == 0);
}

TEST_CASE("a hook that owns a module may be the last to hold it") {
  Gate gate;
  auto owned = std::make_shared<Gate>();
  HookHandle handle = gate.register_forward_hook([owned](const Variable&) { return Variable(); });
  owned->register_forward_hook([](const Variable&) { return Variable(); });
  owned.reset();
  handle.remove();
  CHECK(detail::hook_count == 0);
}

TEST_CASE("hooks act on all threads") {
  Gate gate;
  std::atomic<int> calls = 0;
  HookHandle handle = gate.register_forward_hook([&](const Variable&) {
    ++calls;
    return Variable();
  });
  std::thread([&] { gate.forward(randn({1, 3})); }).join();
  CHECK(calls == 1);
  handle.remove();
}

// The example of docs/guide.md: what is kept alive is found by live_nodes().
TEST_CASE("a hook that holds its own Variable keeps the graph, and live_nodes tells") {
  const int64_t before = live_nodes();
  Variable x(ones({2}), true);
  std::weak_ptr<Variable> held;
  {
    Variable y = exp(x);
    const auto own = std::make_shared<Variable>(y);
    y.register_hook([own](const Variable& gradient) { return gradient * *own; });  // y → its node → the hook → y
    backward(sum(y));
    held = own;
  }
  CHECK(live_nodes() == before + 1);
  *held.lock() = Variable();  // for the tests that follow
  CHECK(live_nodes() == before);
  {
    Variable y = exp(x);
    y.register_hook([value = y.value()](const Variable& gradient) { return gradient * value; });
    backward(sum(y));
  }
  CHECK(live_nodes() == before);
}

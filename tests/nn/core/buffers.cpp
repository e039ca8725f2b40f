// Buffers, partial loading, freezing.
#include <heed/autograd/backward.h>
#include <heed/autograd/elementwise.h>
#include <heed/autograd/grad_mode.h>
#include <heed/autograd/reduce.h>
#include <heed/nn/core/checkpoint.h>
#include <heed/nn/core/linear.h>
#include <heed/nn/core/module.h>
#include <heed/nn/optim/adam.h>
#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/random.h>

#include "support/catch.h"
#include "support/message.h"
#include "support/reference.h"
#include "support/temporary_folder.h"

using namespace heed;
using namespace heed::test;

namespace {

/// y = x - mean, of a mean that moves in training.
struct Centred : Module {
  Variable mean{zeros({3})}, steps{zeros({}, DType::int64)}, shown{ones({2})};
  Linear inner{3, 3};
  Centred() {
    register_buffer("mean", mean);
    register_module("inner", inner);
    register_buffer("steps", steps);
    register_buffer("shown", shown, /*persistent=*/false);
  }
  Variable forward(const Variable& x) const {
    const NameScope scope(path());
    if (training()) {
      Variable moving = mean;  // the same variable: forward is const, a buffer is not
      const NoGrad no_grad;
      copy_(moving.mutable_value(), moving.value() * 0.5 + heed::mean(x.value(), {0}) * 0.5);
    }
    return record("output", inner.forward(x - mean));
  }
};

struct Owner : Module {
  Centred part;
  Variable weight{ones({1}), true};
  Owner() {
    register_module("part", part);
    register_parameter("weight", weight);
  }
};

std::vector<std::string> names(const auto& named) {
  std::vector<std::string> result;
  for (const auto& each : named) {
    result.push_back(each.first);
  }
  return result;
}

}  // namespace

TEST_CASE("a state dict has persistent buffers behind the parameters of their module") {
  Owner owner;
  CHECK(names(owner.state_dict()) ==
        std::vector<std::string>{"weight", "part.mean", "part.steps", "part.inner.weight", "part.inner.bias"});
  CHECK(names(owner.named_buffers()) == std::vector<std::string>{"part.mean", "part.steps", "part.shown"});
  CHECK(names(owner.named_parameters()) == std::vector<std::string>{"weight", "part.inner.weight", "part.inner.bias"});
  CHECK(owner.parameter_count() == 1 + 9 + 3);
}

TEST_CASE("a checkpoint brings buffers to another model") {
  TemporaryFolder folder;
  Owner owner, other;
  owner.part.forward(randn({4, 3}) + 5.0);
  Adam optimizer(owner);
  const std::string path = folder.path("buffers.npz");
  save_checkpoint(path, capture(owner, &optimizer));
  restore(load_checkpoint(path), other, nullptr);
  other.eval();
  owner.eval();
  const Tensor x = randn({2, 3});
  CHECK(same_bits(other.part.forward(x).value(), owner.part.forward(x).value()));
  CHECK_FALSE(same_bits(other.part.mean.value(), Centred().mean.value()));
}

TEST_CASE("to converts floating buffers alone") {
  Owner owner;
  owner.to(DType::float64);
  CHECK(owner.part.mean.dtype() == DType::float64);
  CHECK(owner.part.shown.dtype() == DType::float64);
  CHECK(owner.part.steps.dtype() == DType::int64);
}

TEST_CASE("a buffer's name must be new, and a buffer is no parameter") {
  struct Open : Module {
    using Module::register_buffer;
  } module;
  Variable x(ones({1})), trained(ones({1}), true), none;
  module.register_buffer("x", x);
  CHECK(message_of<ValueError>([&] { module.register_buffer("x", x, false); }) == "Module: the name 'x' is taken");
  CHECK(message_of<ValueError>([&] { module.register_buffer("y", trained); }) ==
        "Module: the buffer 'y' requires a gradient: it is a parameter");
  CHECK(message_of<ValueError>([&] { module.register_buffer("y", none); }) == "Module: the buffer 'y' is undefined");
  {
    Variable local(ones({1}));
    module.register_buffer("local", local);
  }
  CHECK(message_of<ValueError>([&] { module.state_dict(); }).find("buffer 'local' was destroyed") != std::string::npos);
}

TEST_CASE("a partial load says what was missing and unexpected, and loads the rest") {
  Owner owner, other;
  StateDict state = owner.state_dict();
  std::erase_if(state, [](const auto& entry) { return entry.first == "part.mean" || entry.first == "weight"; });
  state.emplace_back("extra", ones({2}));
  CHECK_THROWS_AS(other.load_state_dict(state), ValueError);
  CHECK_FALSE(same_bits(other.part.inner.weight().value(), owner.part.inner.weight().value()));
  const IncompatibleKeys rest = other.load_state_dict(state, /*strict=*/false);
  CHECK(rest.missing_keys == std::vector<std::string>{"weight", "part.mean"});
  CHECK(rest.unexpected_keys == std::vector<std::string>{"extra"});
  CHECK(same_bits(other.part.inner.weight().value(), owner.part.inner.weight().value()));
  CHECK(other.load_state_dict(owner.state_dict()).missing_keys.empty());
}

TEST_CASE("a partial load still refuses a wrong shape, and changes nothing then") {
  Owner owner;
  const Tensor before = clone(owner.weight.value());
  const std::string message = message_of<ValueError>([&] {
    owner.load_state_dict({{"weight", zeros({1})}, {"part.mean", zeros({4})}}, /*strict=*/false);
  });
  CHECK(message ==
        "load_state_dict: the state does not fit the module:\n  wrong shape: part.mean must be (3,), got (4,)");
  CHECK(same_bits(owner.weight.value(), before));
}

TEST_CASE("what is frozen gets no gradients and stays as it is, whatever the optimiser has begun") {
  Owner owner;
  Adam optimizer(owner, {.lr = 0.1});
  const auto step = [&] {
    backward(sum(owner.part.forward(randn({4, 3})) * owner.weight));
    optimizer.step();
  };
  step();
  owner.part.freeze();
  const Tensor frozen = clone(owner.part.inner.weight().value()), free = clone(owner.weight.value());
  CHECK_FALSE(owner.part.inner.weight().grad().defined());
  step();
  CHECK(same_bits(owner.part.inner.weight().value(), frozen));
  owner.part.unfreeze();
  const Variable loss = sum(owner.part.forward(randn({4, 3})) * owner.weight);
  owner.part.freeze();
  backward(loss);  // what was frozen after the forward gets nothing either
  CHECK_FALSE(owner.part.inner.weight().grad().defined());
  CHECK_FALSE(same_bits(owner.weight.value(), free));
  owner.part.unfreeze();
  step();
  CHECK_FALSE(same_bits(owner.part.inner.weight().value(), frozen));
}

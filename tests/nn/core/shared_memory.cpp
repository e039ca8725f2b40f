// Parameters whose memory is shared: with themselves (broadcast views), each other, their gradients or a state dict.
#include <functional>
#include <memory>

#include <heed/autograd/elementwise.h>
#include <heed/autograd/gradcheck.h>
#include <heed/autograd/reduce.h>
#include <heed/nn/core/init.h>
#include <heed/nn/core/linear.h>
#include <heed/nn/optim/adagrad.h>
#include <heed/nn/optim/adam.h>
#include <heed/nn/optim/rmsprop.h>
#include <heed/nn/optim/sgd.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>
#include <heed/tensor/index.h>

#include "support/catch.h"
#include "support/reference.h"

using namespace heed;
using namespace heed::test;

namespace {

struct Pair : Module {
  Variable first, second;
  Pair(Tensor a, Tensor b) : first(std::move(a), true), second(std::move(b), true) {
    register_parameter("first", first);
    register_parameter("second", second);
  }
};

using Make = std::function<std::unique_ptr<Optimizer>(const ParameterList&)>;

std::vector<Make> optimizers() {
  return {
      [](const ParameterList& list) { return std::make_unique<SGD>(list, SGDOptions{.lr = 0.5}); },
      [](const ParameterList& list) { return std::make_unique<SGD>(list, SGDOptions{.lr = 0.5, .momentum = 0.5}); },
      [](const ParameterList& list) { return std::make_unique<Adam>(list, AdamOptions{.lr = 0.5}); },
      [](const ParameterList& list) { return std::make_unique<AdamW>(list, AdamWOptions{.lr = 0.5}); },
      [](const ParameterList& list) { return std::make_unique<Adagrad>(list, AdagradOptions{.lr = 0.5}); },
      [](const ParameterList& list) {
        return std::make_unique<RMSprop>(list, RMSpropOptions{.lr = 0.5, .momentum = 0.5, .centered = true});
      },
  };
}

}  // namespace

TEST_CASE("a layer loads its own transposed weight") {
  Linear layer(5, 5);
  StateDict state = layer.state_dict();
  const Tensor expected = clone(transpose(state[0].second, 0, 1));
  state[0].second = transpose(state[0].second, 0, 1);
  layer.load_state_dict(state);
  CHECK(same_bits(layer.weight().value(), expected));
}

TEST_CASE("a state dict that exchanges a module's own entries exchanges their values") {
  Pair pair(random_tensor({4, 3}, 1), random_tensor({4, 3}, 2));
  const Tensor first = clone(pair.first.value()), second = clone(pair.second.value());
  pair.load_state_dict({{"first", pair.second.value()}, {"second", pair.first.value()}});
  CHECK(same_bits(pair.first.value(), second));
  CHECK(same_bits(pair.second.value(), first));
  // Rows of one block that are parameters, each taking the other's and its own shifted.
  const Tensor block = random_tensor({9}, 3);
  Pair parts(narrow(block, 0, 0, 4), narrow(block, 0, 4, 4));
  const Tensor before = clone(block);
  parts.load_state_dict({{"first", narrow(block, 0, 3, 4)}, {"second", narrow(block, 0, 2, 4)}});
  CHECK(same_bits(parts.first.value(), narrow(before, 0, 3, 4)));
  CHECK(same_bits(parts.second.value(), narrow(before, 0, 2, 4)));
}

TEST_CASE("a state dict is not loaded into a broadcast view, and nothing changes") {
  const Tensor column = random_tensor({3, 1}, 1), plain = random_tensor({3, 2}, 2);
  Pair pair(plain, expand(column, {3, 2}));
  const Tensor before = clone(plain);
  const StateDict state{{"first", ones({3, 2})}, {"second", ones({3, 2})}};
  CHECK(message_of<ValueError>([&] { pair.load_state_dict(state); }) ==
        "load_state_dict: the state does not fit the module:"
        "\n  read-only: second is a broadcast view, whose elements share memory");
  CHECK(same_bits(plain, before));
}

TEST_CASE("parameters with one memory are loaded with one value only") {
  const Tensor block = random_tensor({6}, 1);
  const Tensor before = clone(block);
  Pair same(narrow(block, 0, 0, 4), narrow(block, 0, 0, 4)), meeting(narrow(block, 0, 0, 4), narrow(block, 0, 2, 4));
  const StateDict two{{"first", ones({4})}, {"second", zeros({4})}};
  const std::string begin = "load_state_dict: the state does not fit the module:";
  CHECK(message_of<ValueError>([&] { same.load_state_dict(two); }) ==
        begin + "\n  two values: first and second share memory");
  CHECK(message_of<ValueError>([&] { meeting.load_state_dict(two); }) == begin + "\n  share memory: first and second");
  CHECK(same_bits(block, before));
  same.load_state_dict({{"first", ones({4})}, {"second", ones({4})}});
  CHECK(same_bits(same.second.value(), ones({4})));
  Pair apart(narrow(block, 0, 0, 3), narrow(block, 0, 3, 3)), empty(zeros({0, 2}), zeros({0, 3}));
  apart.load_state_dict({{"first", ones({3})}, {"second", zeros({3})}});
  CHECK(same_bits(block, tensor<float>({1, 1, 1, 0, 0, 0})));
  empty.load_state_dict(empty.state_dict());
}

TEST_CASE("no optimiser updates a broadcast view, and nothing changes") {
  for (const Make& make : optimizers()) {
    const Tensor row = random_tensor({3}, 1), plain = random_tensor({2, 3}, 2);
    const Tensor row_before = clone(row), plain_before = clone(plain);
    Pair pair(plain, expand(row, {2, 3}));
    const auto optimizer = make(pair);
    pair.first.set_grad(ones({2, 3}));
    pair.second.set_grad(ones({2, 3}));
    const std::string message = message_of<ValueError>([&] { optimizer->step(); });
    CHECK(message.find(": cannot write to the parameter 'second', a broadcast view") != std::string::npos);
    CHECK(same_bits(plain, plain_before));
    CHECK(same_bits(row, row_before));
    for (const auto& [name, value] : optimizer->state_dict()) {
      CHECK(name.find(".step") == std::string::npos);
    }
    pair.second.zero_grad();  // without a gradient it is not written
    optimizer->step();
    CHECK_FALSE(same_bits(plain, plain_before));
  }
}

TEST_CASE("no optimiser updates parameters that share memory, and parts of one block that do not meet are fine") {
  for (const Make& make : optimizers()) {
    const Tensor block = random_tensor({6, 4}, 1);
    const Tensor before = clone(block);
    Pair meeting(narrow(block, 1, 0, 2), narrow(block, 1, 1, 2)), apart(narrow(block, 1, 0, 2), narrow(block, 1, 2, 2));
    for (Pair* pair : {&meeting, &apart}) {
      pair->first.set_grad(ones({6, 2}));
      pair->second.set_grad(ones({6, 2}));
    }
    const auto optimizer = make(meeting), other = make(apart);
    CHECK(message_of<ValueError>([&] {
            optimizer->step();
          }).find("parameters and their states must not share memory, those of 'first' and 'second' do") !=
          std::string::npos);
    CHECK(same_bits(block, before));
    Pair copies(clone(apart.first.value()), clone(apart.second.value()));
    copies.first.set_grad(ones({6, 2}));
    copies.second.set_grad(ones({6, 2}));
    const auto expected = make(copies);
    for (int i = 0; i < 3; ++i) {
      other->step();
      expected->step();
    }
    CHECK(same_bits(apart.first.value(), copies.first.value()));
    CHECK(same_bits(apart.second.value(), copies.second.value()));
  }
}

TEST_CASE("no optimiser takes its own state for a parameter") {
  Pair pair(random_tensor({3}, 1), random_tensor({3}, 2));
  Adam adam(pair);
  pair.first.set_grad(ones({3}));
  pair.second.set_grad(ones({3}));
  adam.step();
  pair.second.set_value(adam.state_dict()[1].second);
  CHECK(message_of<ValueError>([&] { adam.step(); }) ==
        "Adam: parameters and their states must not share memory, those of 'first' and 'second' do");
}

TEST_CASE("a gradient that is the parameter, or another one, is read as it was before the step") {
  for (const Make& make : optimizers()) {
    const auto run = [&](bool shared) {
      Pair pair(random_tensor({67, 67}, 1), random_tensor({67, 67}, 2));
      const auto optimizer = make(pair);
      for (int i = 0; i < 3; ++i) {
        const Tensor a = transpose(pair.first.value(), 0, 1), b = pair.first.value();
        pair.first.set_grad(shared ? a : clone(a));
        pair.second.set_grad(shared ? b : clone(b));
        optimizer->step();
      }
      return cat({pair.first.value(), pair.second.value()}, 0);
    };
    CHECK(same_bits(run(true), run(false)));
  }
}

TEST_CASE("initialisers refuse a broadcast view by their name and draw nothing") {
  Variable parameter(expand(random_tensor({3}, 1), {2, 3}), true);
  Generator generator(1);
  const auto refuses = [&](const std::function<void()>& initialise, const std::string& name) {
    CHECK(message_of<ValueError>(initialise).find(name + ": cannot write to a broadcast view") == 0);
  };
  refuses([&] { uniform_(parameter, 0, 1, generator); }, "uniform_");
  refuses([&] { normal_(parameter, 0, 1, generator); }, "normal_");
  refuses([&] { constant_(parameter, 1); }, "constant_");
  refuses([&] { xavier_uniform_(parameter, 1, generator); }, "uniform_");
  refuses([&] { kaiming_normal_(parameter, {}, generator); }, "normal_");
  refuses([&] { orthogonal_(parameter, 1, generator); }, "orthogonal_");
  CHECK(generator.state().offset == 0);
}

TEST_CASE("gradcheck refuses to move one input along with another") {
  const Tensor block = random_tensor({4}, 1, DType::float64);
  const Variable a(narrow(block, 0, 0, 3), true), b(narrow(block, 0, 1, 3), true);
  const auto f = [](const std::vector<Variable>& x) { return std::vector{sum(x[0] * x[1])}; };
  CHECK(gradcheck(f, {a, b}).ok);
  CHECK_THROWS_AS(gradcheck(f, {a, b}, {.in_place = true}), ValueError);
  CHECK(gradcheck(f, {a, a}, {.in_place = true}).ok);
}

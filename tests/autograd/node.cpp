// Recording: make_variable as users call it, what is saved, hooks, and how graphs are freed.
#include <pthread.h>

#include <heed/autograd/backward.h>
#include <heed/autograd/elementwise.h>
#include <heed/autograd/gradcheck.h>
#include <heed/autograd/node.h>
#include <heed/autograd/reduce.h>
#include <heed/tensor/error.h>

#include "support/deep_chain.h"
#include "support/reference.h"

namespace heed::test {
namespace {

Variable leaf(const Shape& shape = {3}, uint32_t seed = 1) {
  return {random_tensor(shape, seed, DType::float64), true};
}

/// A user's own operation: x / (1 + |x|), whose derivative is (1 - |y|)².
Variable softsign(const Variable& x) {
  const Tensor y = div(x.value(), add(abs(x.value()), 1));
  return make_variable("softsign", y, {x}, [out = Saved::output(y, 0)](const BackwardContext& context) -> Gradients {
    return {context.grad() * pow(1.0 - abs(out.unpack(context)), 2)};
  });
}

/// One with two outputs: {a b, a + b}.
std::vector<Variable> product_and_sum(const Variable& a, const Variable& b) {
  const std::vector<Variable> inputs{a, b};
  return make_variables("product_and_sum", {mul(a.value(), b.value()), add(a.value(), b.value())}, inputs,
                        [left = Saved(a), right = Saved(b)](const BackwardContext& context) -> Gradients {
                          return {context.grad(0) * right.unpack(context) + context.grad(1),
                                  context.grad(0) * left.unpack(context) + context.grad(1)};
                        });
}

TEST_CASE("a user's operation that saves its output passes both gradient checks") {
  const VariableFunction function = [](const std::vector<Variable>& x) { return std::vector{softsign(x[0])}; };
  CHECK(gradcheck(function, {leaf({2, 3})}).ok);
  CHECK(gradgradcheck(function, {leaf({2, 3})}).ok);
}

TEST_CASE("a user's operation with two outputs passes both, also when one is not used") {
  const VariableFunction both = [](const std::vector<Variable>& x) { return product_and_sum(x[0], x[1]); };
  const VariableFunction one = [](const std::vector<Variable>& x) {
    return std::vector{product_and_sum(x[0], x[1])[0]};
  };
  for (const VariableFunction& function : {both, one}) {
    CHECK(gradcheck(function, {leaf(), leaf({3}, 2)}).ok);
    CHECK(gradgradcheck(function, {leaf(), leaf({3}, 2)}).ok);
  }
}

TEST_CASE("a backward function that returns the wrong number, shape or dtype is named") {
  const auto with = [](const Gradients& wrong) {
    const Variable x = leaf();
    return message_of<GraphError>([&] {
      backward(sum(make_variable("odd", x.value(), {x}, [&wrong](const BackwardContext&) { return wrong; })));
    });
  };
  CHECK(with({}) == "backward of odd: must return 1 gradients, one per input, got 0");
  CHECK(with({zeros({2}, DType::float64)}) ==
        "backward of odd: the gradient of input 0 must be float64 (3,), got float64 (2,)");
  CHECK(with({zeros({3})}) == "backward of odd: the gradient of input 0 must be float64 (3,), got float32 (3,)");
}

TEST_CASE("an undefined gradient stands for zero") {
  const Variable x = leaf();
  const Variable y = make_variable("silent", x.value(), {x}, [](const BackwardContext&) { return Gradients(1); });
  CHECK(!grad({sum(y)}, {x}, {.allow_unused = true})[0].defined());
}

TEST_CASE("only wanted gradients are asked for") {
  const Variable a = leaf(), b = leaf();
  std::vector<bool> asked;
  const auto observing = [&asked](const Variable& x, const Variable& y) {
    return make_variable("observing", add(x.value(), y.value()), {x, y},
                         [&asked](const BackwardContext& context) -> Gradients {
                           asked = {context.needs(0), context.needs(1)};
                           return {context.grad(), context.grad()};
                         });
  };
  grad({sum(observing(a, b * 2.0))}, {b});
  CHECK(asked == std::vector<bool>{false, true});
  grad({sum(observing(a * 2.0, b.detach()))}, {a});
  CHECK(asked == std::vector<bool>{true, false});
}

TEST_CASE("a value that was changed after it was saved is an error that names the operation") {
  Variable x = leaf();
  const Variable y = x * x;
  x.mutable_value().mutable_data<double>()[0] = 9;
  const std::string message = message_of<GraphError>([&] { backward(sum(y)); });
  CHECK(message.find("mul: a value of shape (3,) that it saved for backward was changed afterwards") == 0);
  Variable z = leaf();
  const Variable w = sin(z);
  z.set_value(ones({3}, DType::float64));
  CHECK(message_of<GraphError>([&] { backward(sum(w)); }) ==
        "sin: a value of shape (3,) that it saved for backward was replaced afterwards");
}

TEST_CASE("hooks see a gradient once it is complete, may replace it, and can be removed") {
  const Variable x = leaf();
  Variable y = x * 2.0;
  std::vector<double> seen;
  const int64_t on_y = y.register_hook([&seen](const Variable& gradient) {
    seen = values(gradient.value());
    return gradient * 10.0;
  });
  Variable handle = x;
  const int64_t on_x = handle.register_hook([](const Variable& gradient) { return gradient + 1.0; });
  const auto run = [&] { return values(grad({sum(y + y * 2.0)}, {x}, {.retain_graph = true})[0].value()); };
  check_close(run(), {61, 61, 61}, 1e-15);
  check_close(seen, {3, 3, 3}, 0);
  y.remove_hook(on_y);
  check_close(run(), {7, 7, 7}, 1e-15);
  handle.remove_hook(on_x);
  check_close(run(), {6, 6, 6}, 1e-15);
  backward(sum(y));
  check_close(values(x.grad()), {2, 2, 2}, 0);
}

TEST_CASE("a hook that only looks changes nothing, one of another shape is refused") {
  Variable x = leaf();
  int calls = 0;
  x.register_hook([&calls](const Variable&) {
    ++calls;
    return Variable();
  });
  backward(sum(x * 3.0) + sum(x));
  CHECK(calls == 1);
  check_close(values(x.grad()), {4, 4, 4}, 0);
  x.register_hook([](const Variable&) { return Variable(zeros({1}, DType::float64)); });
  CHECK_THROWS_AS(backward(sum(x)), GraphError);
  check_close(values(x.grad()), {4, 4, 4}, 0);
  CHECK_THROWS_AS(x.detach().register_hook([](const Variable& g) { return g; }), GraphError);
}

TEST_CASE("a hook may let go of the graph it runs in") {
  const Variable x = leaf();
  Variable y = x * 2.0;
  Variable loss = sum(y);
  y.register_hook([&loss](const Variable&) {
    loss = Variable();
    return Variable();
  });
  backward(loss);
  check_close(values(x.grad()), {2, 2, 2}, 0);
}

TEST_CASE("no node outlives its graph") {
  REQUIRE(live_nodes() == 0);
  const Variable x = leaf();
  {
    const Variable y = softsign(exp(x)) * tanh(x);
    CHECK(live_nodes() == 4);
    backward(sum(y));
    CHECK(live_nodes() == 4);
  }
  CHECK(live_nodes() == 0);
  {
    const Variable first = grad({sum(exp(softsign(x)))}, {x}, {.create_graph = true})[0];
    backward(sum(first * first));
    CHECK(live_nodes() > 0);
  }
  CHECK(live_nodes() == 0);
}

TEST_CASE("a chain of a million nodes lives and dies on a stack of 256 KiB") {
  pthread_attr_t attributes;
  REQUIRE(pthread_attr_init(&attributes) == 0);
  REQUIRE(pthread_attr_setstacksize(&attributes, 256 * 1024) == 0);
  pthread_t thread;
  double slope = 0;
  const auto body = [](void* result) -> void* {
    *static_cast<double*>(result) = slope_of_deep_chain(1'000'000);
    return nullptr;
  };
  REQUIRE(pthread_create(&thread, &attributes, body, &slope) == 0);
  REQUIRE(pthread_join(thread, nullptr) == 0);
  pthread_attr_destroy(&attributes);
  CHECK(slope == 1'000'001);
  CHECK(live_nodes() == 0);
}

}  // namespace
}  // namespace heed::test

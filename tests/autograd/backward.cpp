// backward() and grad(): what they compute, accumulate, free, and refuse.
#include <thread>

#include <heed/autograd/backward.h>
#include <heed/autograd/elementwise.h>
#include <heed/autograd/grad_mode.h>
#include <heed/autograd/index.h>
#include <heed/autograd/node.h>
#include <heed/autograd/reduce.h>
#include <heed/tensor/error.h>

#include "support/reference.h"

namespace heed::test {
namespace {

Variable leaf(std::initializer_list<double> numbers) {
  return {from_vector(std::vector<double>(numbers), {static_cast<int64_t>(numbers.size())}), true};
}

std::vector<double> gradient(const Variable& x) { return values(x.grad()); }

TEST_CASE("backward adds into the gradients of leaves") {
  const Variable x = leaf({1, 2, 3});
  backward(sum(x * x));
  check_close(gradient(x), {2, 4, 6}, 0);
  backward(sum(x * 3.0));
  check_close(gradient(x), {5, 7, 9}, 0);
}

TEST_CASE("the gradient of a leaf has memory of its own") {
  const Variable x = leaf({1, 2}), y = leaf({3, 4});
  const Tensor start = ones({2}, DType::float64);
  backward(x + y, {.gradient = start});
  CHECK(!x.grad().storage().same_as(y.grad().storage()));
  CHECK(!x.grad().storage().same_as(start.storage()));
  backward(x + y, {.gradient = start});
  check_close(gradient(x), {2, 2}, 0);
  check_close(values(start), {1, 1}, 0);
}

TEST_CASE("a gradient that was expanded is stored whole") {
  const Variable x = leaf({1, 2, 3});
  backward(sum(x));
  CHECK(x.grad().is_contiguous());
}

TEST_CASE("the same variable may be an input twice, and be used along several paths") {
  const Variable x = leaf({2, 5});
  const Variable square = x * x;
  const Variable top = square * x + square * 3.0 + x;
  backward(sum(top));
  check_close(gradient(x), {3 * 4 + 6 * 2 + 1, 3 * 25 + 6 * 5 + 1}, 1e-15);
}

TEST_CASE("a root that is a leaf is its own gradient") {
  const Variable x = leaf({4});
  backward(x);
  check_close(gradient(x), {1}, 0);
  const std::vector<Variable> found = grad({x}, {x});
  check_close(values(found[0].value()), {1}, 0);
}

TEST_CASE("grad gives values for leaves and others, in order, and leaves grad() alone") {
  const Variable x = leaf({2, 3}), unused = leaf({1});
  const Variable y = x * x;
  const Variable z = sum(y * x);
  const std::vector<Variable> found = grad({z}, {y, x, z}, {.retain_graph = true});
  check_close(values(found[0].value()), {2, 3}, 0);
  check_close(values(found[1].value()), {12, 27}, 0);
  check_close(values(found[2].value()), {1}, 0);
  CHECK(!x.grad().defined());
  CHECK(!found[1].requires_grad());
  CHECK(message_of<GraphError>([&] { grad({z}, {unused}, {.retain_graph = true}); }) ==
        "grad: no output depends on input 0 of shape (1,); allow_unused = true gives an undefined gradient for it");
  CHECK(!grad({z}, {unused}, {.allow_unused = true})[0].defined());
}

TEST_CASE("grad sums over several outputs, one of which may be an input of another") {
  const Variable x = leaf({2, 3});
  const Variable y = x * x;
  const Variable z = y * y;
  const std::vector<Variable> cotangents{ones({2}, DType::float64), full({2}, 10, DType::float64)};
  const std::vector<Variable> found = grad({z, y}, {x}, {.gradients = cotangents});
  check_close(values(found[0].value()), {4 * 8 + 10 * 4, 4 * 27 + 10 * 6}, 1e-15);
}

TEST_CASE("gradients of gradients, and of those") {
  const Variable x = leaf({2});
  const Variable first = grad({x * x * x * x}, {x}, {.create_graph = true})[0];
  const Variable second = grad({first}, {x}, {.create_graph = true})[0];
  const Variable third = grad({second}, {x})[0];
  CHECK(first.item() == 32);
  CHECK(second.item() == 48);
  CHECK(third.item() == 48);
}

TEST_CASE("a gradient made with create_graph can be part of a loss") {
  const Variable x = leaf({1, 2}), w = leaf({3, 4});
  const Variable slope = grad({sum(w * x * x)}, {x}, {.create_graph = true})[0];  // 2 w x
  backward(sum(slope * slope));                                                   // 4 w² x²
  check_close(gradient(w), {24, 128}, 1e-15);
  check_close(gradient(x), {72, 256}, 1e-15);
}

TEST_CASE("backward frees what was saved, unless told to retain it") {
  const Variable x = leaf({2});
  const Variable y = exp(x);
  backward(y, {.retain_graph = true});
  backward(y);
  CHECK(message_of<GraphError>([&] { backward(y); }) ==
        "backward of exp: what it saved was freed by an earlier backward; pass retain_graph = true to that one");
}

TEST_CASE("backward refuses what it cannot differentiate") {
  const Variable x = leaf({1, 2});
  CHECK(message_of<ShapeError>([&] { backward(x * 2.0); }) ==
        "backward: an output of shape (2,) needs a gradient to start from; only one of a single element does without");
  CHECK_THROWS_AS(backward(x, {.gradient = ones({3}, DType::float64)}), ShapeError);
  CHECK_THROWS_AS(backward(x, {.gradient = ones({2})}), DTypeError);
  CHECK_THROWS_AS(backward(Variable()), GraphError);
  CHECK_THROWS_AS(backward(sum(x.detach())), GraphError);
  CHECK_THROWS_AS(grad({sum(x)}, {x.detach()}), GraphError);
  CHECK_THROWS_AS(grad({sum(x)}, {x}, {.gradients = {Variable(), Variable()}}), GraphError);
}

TEST_CASE("an operation with several outputs gets zeros for those that were not used") {
  const Variable x = leaf({1, 2, 3, 4, 5});
  const std::vector<Variable> parts = split(x, 2);
  backward(sum(parts[1] * parts[1]));
  check_close(gradient(x), {0, 0, 6, 8, 0}, 0);
}

TEST_CASE("an error in a backward function leaves gradients alone and a retained graph fit for use") {
  const Variable x = leaf({2}), w = leaf({5});
  bool fails = true;
  const auto breaking = [&fails](const Variable& v) {
    return make_variable("breaking", v.value(), {v}, [&fails](const BackwardContext& context) -> Gradients {
      check<ValueError>(!fails, "breaking", "fails on purpose");
      return {context.grad()};
    });
  };
  const Variable y = breaking(x * x) * w;
  CHECK_THROWS_AS(backward(y, {.retain_graph = true}), ValueError);
  CHECK(!x.grad().defined());
  CHECK(!w.grad().defined());
  fails = false;
  backward(y);
  check_close(gradient(x), {20}, 0);
  check_close(gradient(w), {4}, 0);
}

TEST_CASE("a pass inside another's backward function may run over the same nodes") {
  const Variable x = leaf({3});
  const Variable shared = x * x;
  const auto nested = [&shared, &x](const Variable& v) {
    return make_variable("nested", v.value(), {v, shared}, [&shared, &x](const BackwardContext& context) -> Gradients {
      const GradMode recording(true);
      const Variable inner = grad({shared}, {x}, {.retain_graph = true})[0];  // 6
      return {context.grad() * inner.detach(), context.grad()};
    });
  };
  backward(nested(shared * 2.0) + shared);
  check_close(gradient(x), {6 * 2 * 6 + 6 + 6}, 1e-15);
}

TEST_CASE("threads may add to the gradient of one leaf") {
  const Variable x(random_tensor({300}, 1, DType::float64), true);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&x] {
      for (int repeat = 0; repeat < 250; ++repeat) {
        backward(sum(x * 2.0));
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  CHECK(gradient(x) == std::vector<double>(300, 2000.0));
}

TEST_CASE("threads run backward through graphs of their own at once") {
  std::vector<double> results(4);
  std::vector<std::thread> threads;
  for (size_t i = 0; i < results.size(); ++i) {
    threads.emplace_back([&results, i] {
      for (int repeat = 0; repeat < 200; ++repeat) {
        const Variable x = leaf({static_cast<double>(i)});
        Variable y = x;
        for (int k = 0; k < 20; ++k) {
          y = y * 1.0 + x;
        }
        backward(y);
        results[i] = x.grad().item();
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  CHECK(results == std::vector<double>{21, 21, 21, 21});
  CHECK(live_nodes() == 0);
}

}  // namespace
}  // namespace heed::test

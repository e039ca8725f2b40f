// Variables: leaves, flags, values, gradients.
#include <heed/autograd/backward.h>
#include <heed/autograd/elementwise.h>
#include <heed/autograd/node.h>
#include <heed/autograd/reduce.h>
#include <heed/tensor/create.h>
#include <heed/tensor/error.h>

#include "support/reference.h"

namespace heed::test {
namespace {

TEST_CASE("a default-constructed variable is undefined and says so when it is used") {
  const Variable nothing;
  CHECK(!nothing.defined());
  CHECK(!nothing.requires_grad());
  CHECK(!nothing.is_leaf());
  CHECK(!nothing.detach().defined());
  CHECK(message_of<GraphError>([&] { nothing.value(); }) == "value: the Variable is undefined");
  CHECK_THROWS_AS(nothing.grad(), GraphError);
  CHECK(!Variable(Tensor()).defined());
}

TEST_CASE("an empty function is no hook") {
  Variable leaf(zeros({2}), true);
  const Variable made = leaf * 2;
  for (Variable each : {leaf, made}) {
    CHECK(message_of<ValueError>([&] { each.register_hook(nullptr); }) ==
          "register_hook: the hook is an empty function");
  }
  CHECK_NOTHROW(backward(sum(made)));
}

TEST_CASE("only floating variables may require a gradient") {
  CHECK_THROWS_AS(Variable(zeros({2}, DType::int64), true), DTypeError);
  CHECK_THROWS_AS(Variable(zeros({2}, DType::boolean), true), DTypeError);
  Variable whole(zeros({2}, DType::int64));
  CHECK_THROWS_AS(whole.set_requires_grad(true), DTypeError);
  CHECK(Variable(zeros({2}, DType::float64), true).requires_grad());
}

TEST_CASE("copies are the same variable, other variables of the same tensor are not") {
  const Tensor data = random_tensor({3}, 1);
  const Variable x(data, true);
  const Variable copy = x;
  CHECK(copy.same_as(x));
  CHECK(!Variable(data, true).same_as(x));
  backward(sum(copy * copy));
  CHECK(x.grad().defined());
}

TEST_CASE("what an operation made is no leaf and refuses what only leaves may") {
  const Variable x(random_tensor({3}, 1), true);
  Variable y = x * 2.0;
  CHECK(x.is_leaf());
  CHECK(!y.is_leaf());
  CHECK(y.requires_grad());
  CHECK_THROWS_AS(y.set_requires_grad(false), GraphError);
  CHECK_THROWS_AS(y.mutable_value(), GraphError);
  CHECK_THROWS_AS(y.set_value(zeros({3})), GraphError);
}

TEST_CASE("detach cuts the graph but keeps the value") {
  const Variable x(random_tensor({3}, 1), true);
  const Variable y = (x * 2.0).detach();
  CHECK(y.is_leaf());
  CHECK(!y.requires_grad());
  backward(sum(x * y));
  check_close(values(x.grad()), values(y.value()), 0);
}

TEST_CASE("retain_grad keeps the gradient of a result, which adds up, and keeps no graph") {
  const int64_t nodes = live_nodes();
  const Variable x(random_tensor({3}, 1), true);
  {
    Variable y = x * 2.0, unwatched = y * 3.0;
    y.retain_grad();
    y.retain_grad();
    CHECK(!y.grad().defined());
    const Variable loss = sum(unwatched * y);
    backward(loss, {.retain_graph = true});
    check_close(values(y.grad()), values(y.value() * 6.0), 1e-6);
    backward(loss);
    check_close(values(y.grad()), values(y.value() * 12.0), 1e-6);
    CHECK(!unwatched.grad().defined());
    y.zero_grad();
    CHECK(!y.grad().defined());
  }
  CHECK(live_nodes() == nodes);
  CHECK_THROWS_AS(Variable(ones({2})).retain_grad(), GraphError);
}

TEST_CASE("a gradient that is set must fit") {
  Variable x(random_tensor({3}, 1), true);
  CHECK_THROWS_AS(x.set_grad(zeros({4})), ShapeError);
  CHECK_THROWS_AS(x.set_grad(zeros({3}, DType::float64)), DTypeError);
  x.set_grad(ones({3}));
  backward(sum(x));
  check_close(values(x.grad()), {2, 2, 2}, 0);
  x.zero_grad();
  CHECK(!x.grad().defined());
}

TEST_CASE("a leaf's value can be replaced between graphs") {
  Variable x(from_vector<float>({1, 2}, {2}), true);
  x.set_value(from_vector<float>({5, 7}, {2}));
  backward(sum(x * x));
  check_close(values(x.grad()), {10, 14}, 0);
}

}  // namespace
}  // namespace heed::test

// Variables: leaves, flags, values, gradients.
#include <heed/autograd/backward.h>
#include <heed/autograd/create.h>
#include <heed/autograd/elementwise.h>
#include <heed/autograd/index.h>
#include <heed/autograd/node.h>
#include <heed/autograd/print.h>
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
  CHECK(!nothing.value().defined());
  CHECK(message_of<ValueError>([&] { exp(nothing); }) == "exp: needs defined tensors, got an undefined one");
  CHECK_THROWS_AS(nothing.item(), Error);
  CHECK_THROWS_AS(nothing.grad(), GraphError);
  CHECK(!Variable(Tensor()).defined());
  Variable leaf;
  const std::string undefined = ": the Variable is undefined";
  CHECK(message_of<GraphError>([&] { leaf.mutable_value(); }) == "mutable_value" + undefined);
  CHECK(message_of<GraphError>([&] { leaf.set_value(ones({1})); }) == "set_value" + undefined);
  CHECK(message_of<GraphError>([&] { leaf.set_requires_grad(true); }) == "set_requires_grad" + undefined);
  CHECK(message_of<GraphError>([&] { leaf.zero_grad(); }) == "zero_grad" + undefined);
  CHECK(message_of<GraphError>([&] { leaf.retain_grad(); }) == "retain_grad" + undefined);
  CHECK(message_of<GraphError>([&] { leaf.register_hook([](const Variable& g) { return g; }); }) ==
        "register_hook" + undefined);
  CHECK(message_of<IndexError>([&] { leaf.size(0); }) == "size: the tensor is undefined");
  CHECK(message_of<ShapeError>([&] { leaf.item(); }) == "item: the tensor is undefined");
  CHECK(message_of<IndexError>([&] { leaf.value().at({}); }) == "at: the tensor is undefined");
  CHECK(message_of<GraphError>([] { Variable wanted(Tensor(), true); }) ==
        "Variable: a gradient is wanted of an undefined tensor");
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

TEST_CASE("retain_grad keeps what hooks, later ones too, have made of the gradient") {
  const Variable x(ones({2}), true);
  Variable y = x * 2.0;
  y.register_hook([](const Variable& gradient) { return gradient * 3.0; });
  y.retain_grad();
  const int64_t number = y.register_hook([](const Variable& gradient) { return gradient * 10.0; });
  const Variable loss = sum(y);
  backward(loss, {.retain_graph = true});
  check_close(values(y.grad()), {30, 30}, 0);
  check_close(values(x.grad()), {60, 60}, 0);
  y.remove_hook(number);
  backward(loss);
  check_close(values(y.grad()), {33, 33}, 0);
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

TEST_CASE("a Variable prints as its value") {
  const Variable x(tensor({{1, 2}, {3, 4}}, DType::float32), true);
  std::ostringstream text;
  text << x << ", " << x * 2;
  CHECK(text.str() == "[[1. 2.]\n [3. 4.]], [[2. 4.]\n [6. 8.]]");
}

TEST_CASE("comparing Variables and numbers gives data") {
  const Variable x(tensor({1.0F, 2.0F}), true);
  const Tensor y = tensor({2.0F, 2.0F});
  const std::vector<Tensor> both{x == y, x != y, x<y, x <= y, x> y, x >= y, y == x};
  const std::vector<std::vector<bool>> expected{{false, true},  {true, false}, {true, false}, {true, true},
                                                {false, false}, {false, true}, {false, true}};
  for (size_t i = 0; i < both.size(); ++i) {
    CAPTURE(i);
    CHECK(both[i].to_vector<bool>() == expected[i]);
  }
  CHECK(same_bits(x == 2, x.value() == 2));
  CHECK(same_bits(x != 2, x.value() != 2));
  CHECK(same_bits(x < 2, x.value() < 2));
  CHECK(same_bits(x <= 1, x.value() <= 1));
  CHECK(same_bits(x > 1, x.value() > 1));
  CHECK(same_bits(x >= 2, x.value() >= 2));
  CHECK(same_bits(2 > x, x < 2));
  CHECK(same_bits(2 >= x, x <= 2));
  CHECK(same_bits(1 < x, x > 1));
  CHECK(same_bits(1 <= x, x >= 1));
  CHECK(same_bits(2 == x, x == 2));
  CHECK(same_bits(2 != x, x != 2));
}

TEST_CASE("compound assignment of a Variable is the operation, whose gradient reaches the old one") {
  const Variable x(tensor({1.0, 2.0}), true);
  Variable y = x;
  y += 1;
  y *= x;
  y -= Variable(tensor({1.0, 1.0}));
  y /= 2;
  y += x;
  y -= 1;
  y *= 3;
  y /= x;  // 3 ((x + 1) x / 2 - 1/2 + x - 1) / x = 3 (x / 2 + 3/2 - 3/2 / x)
  CHECK(x.is_leaf());
  CHECK(x.value().to_vector<double>() == std::vector<double>{1, 2});
  CHECK(y.value().to_vector<double>() == std::vector<double>{1.5, 5.25});
  check_close(values(grad({sum(y)}, {x})[0].value()), {1.5 + 4.5, 1.5 + 4.5 / 4}, 1e-14);
}

TEST_CASE("a Variable converted to another floating type passes gradients on in its own") {
  const Variable x(tensor({1.5F, 2.5F}), true);
  CHECK(to(x, DType::float32).same_as(x));
  const Variable wide = to(x, DType::float64);
  CHECK(wide.dtype() == DType::float64);
  backward(sum(wide * wide));
  CHECK(x.grad().to_vector<float>() == std::vector<float>{3, 5});
  const Variable whole = to(x, DType::int64);
  CHECK(whole.value().to_vector<int64_t>() == std::vector<int64_t>{1, 2});
  CHECK(!whole.requires_grad());
}

TEST_CASE("clone copies the value and passes the gradient on") {
  const Variable x(tensor({1.5F, 2.5F}), true);
  const Variable y = clone(x);
  CHECK(!y.value().storage().same_as(x.value().storage()));
  CHECK(contiguous(x).same_as(x));
  backward(sum(y * y));
  CHECK(x.grad().to_vector<float>() == std::vector<float>{3, 5});
  const Tensor zero = zeros_like(x), one = ones_like(x), two = full_like(x, 2), any = empty_like(x);
  CHECK(zero.to_vector<float>() == std::vector<float>{0, 0});
  CHECK(one.to_vector<float>() == std::vector<float>{1, 1});
  CHECK(two.to_vector<float>() == std::vector<float>{2, 2});
  CHECK((any.shape() == x.shape() && any.dtype() == x.dtype()));
}

TEST_CASE("braces join tensors, Variables and both") {
  const Tensor a = tensor({1.0F});
  const Variable x(tensor({2.0F}), true);
  const Tensor tensors = cat({a, a}), stacked = stack({a, a});
  CHECK(tensors.to_vector<float>() == std::vector<float>{1, 1});
  CHECK(stacked.shape() == Shape{2, 1});
  const Variable mixed = cat({x, a}), variables = stack({x, x}, 1);
  CHECK((mixed.requires_grad() && variables.requires_grad()));
  CHECK(mixed.value().to_vector<float>() == std::vector<float>{2, 1});
}

}  // namespace
}  // namespace heed::test

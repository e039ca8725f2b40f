// Corners of element-wise gradients that random numbers do not meet.
#include <heed/autograd/elementwise.h>

#include <cmath>

#include <heed/autograd/backward.h>
#include <heed/autograd/node.h>
#include <heed/autograd/reduce.h>
#include <heed/tensor/error.h>

#include "support/reference.h"

namespace heed::test {
namespace {

const double kNaN = std::nan("");

Variable leaf(const std::vector<double>& numbers) {
  return {from_vector(numbers, {static_cast<int64_t>(numbers.size())}), true};
}

Tensor flags(const std::vector<double>& numbers) {
  return to(from_vector(numbers, {static_cast<int64_t>(numbers.size())}), DType::boolean);
}

TEST_CASE("where and masked_fill let no NaN through from the side that was not chosen") {
  const Variable x = leaf({kNaN, 4}), y = leaf({2, 3});
  const Tensor bad = from_vector<double>({kNaN, 5}, {2});
  const Variable chosen = where(flags({1, 0}), y, x);
  check_close(values(chosen.value()), {2, 4}, 0);
  backward(chosen, {.gradient = bad});
  check_close(values(x.grad()), {0, 5}, 0);
  check_close(values(y.grad()), {kNaN, 0}, 0);
  const Variable z = leaf({kNaN, 2});
  backward(masked_fill(z * 3.0, flags({1, 0}), 7), {.gradient = bad});
  check_close(values(z.grad()), {0, 15}, 0);
}

TEST_CASE("kinks have the gradients that are documented") {
  Variable x = leaf({-1, 0, 1});
  const auto slope = [&x](const Variable& y) {
    x.zero_grad();
    backward(sum(y));
    return values(x.grad());
  };
  check_close(slope(relu(x)), {0, 0, 1}, 0);
  check_close(slope(abs(x)), {-1, 0, 1}, 0);
  check_close(slope(clamp(x, -1, 0)), {1, 1, 0}, 0);
}

TEST_CASE("second derivatives of functions made of lines are 0") {
  for (const auto& function : std::vector<Variable (*)(const Variable&)>{
           [](const Variable& x) { return relu(x); }, [](const Variable& x) { return abs(x); },
           [](const Variable& x) { return clamp(x, -1, 1); }}) {
    const Variable x = leaf({-2, -0.5, 0, 3});
    const Variable slope = grad({sum(function(x))}, {x}, {.create_graph = true})[0];
    check_close(values(grad({sum(slope)}, {x})[0].value()), {0, 0, 0, 0}, 0);
  }
}

TEST_CASE("where NaN is passed on, so is its gradient") {
  const Variable x = leaf({kNaN, 2});
  for (const bool graph : {false, true}) {
    check_close(values(grad({sum(relu(x))}, {x}, {.create_graph = graph})[0].value()), {1, 1}, 0);
    check_close(values(grad({sum(clamp(x, 0, 1))}, {x}, {.create_graph = graph})[0].value()), {1, 0}, 0);
  }
}

TEST_CASE("powers of 0 have finite gradients where the limit is finite, to any order") {
  const Variable x = leaf({0, 0, 0}), e = leaf({0, 1, 2});
  const std::vector<Variable> first = grad({sum(pow(x, e))}, {x, e}, {.create_graph = true});
  check_close(values(first[0].value()), {0, 1, 0}, 0);
  check_close(values(first[1].value()), {0, 0, 0}, 0);
  const Variable z = leaf({0, 3});
  const Variable slope = grad({sum(pow(z, 2))}, {z}, {.create_graph = true})[0];
  const Variable bend = grad({sum(slope)}, {z}, {.create_graph = true})[0];
  check_close(values(slope.value()), {0, 6}, 0);
  check_close(values(bend.value()), {2, 2}, 0);
  check_close(values(grad({sum(pow(z, 0))}, {z})[0].value()), {0, 0}, 0);
}

TEST_CASE("at exponent 0 the mixed derivative of a power is 1 / base, from either side") {
  const Variable x = leaf({2, 4, 0}), e = leaf({0, 0, 0});
  const Variable of_base = grad({sum(pow(x, e))}, {x}, {.create_graph = true})[0];
  check_close(values(of_base.value()), {0, 0, 0}, 0);
  const Tensor mixed = grad({sum(of_base)}, {e})[0].value();
  CHECK(mixed.at<double>({0}) == 0.5);
  CHECK(mixed.at<double>({1}) == 0.25);
}

TEST_CASE("saturated functions have gradient 0, not NaN") {
  const Variable x = leaf({-800, 800});
  for (const auto& function :
       {+[](const Variable& v) { return tanh(v); }, +[](const Variable& v) { return sigmoid(v); }}) {
    check_close(values(grad({sum(function(x))}, {x})[0].value()), {0, 0}, 0);
  }
  check_close(values(grad({sum(softplus(x))}, {x})[0].value()), {0, 1}, 0);
  check_close(values(grad({sum(silu(x))}, {x})[0].value()), {0, 1}, 0);
}

TEST_CASE("a double operand is no input of the graph") {
  const Variable x = leaf({2});
  CHECK((x * 3.0).node()->edges().size() == 1);
  CHECK((3.0 / x).node()->edges().size() == 1);
}

TEST_CASE("operands of two dtypes are refused, not promoted") {
  const Variable x = leaf({2});
  CHECK_THROWS_AS(x + Variable(ones({1})), DTypeError);
}

}  // namespace
}  // namespace heed::test

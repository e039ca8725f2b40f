// What the op table's random numbers do not meet: ties, infinities, empty sums.
#include <heed/autograd/reduce.h>

#include <cmath>
#include <limits>

#include <heed/autograd/backward.h>
#include <heed/autograd/elementwise.h>
#include <heed/tensor/create.h>

#include "support/reference.h"

namespace heed::test {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Variable leaf(const std::vector<double>& numbers, const Shape& shape) { return {from_vector(numbers, shape), true}; }

TEST_CASE("equal largest or smallest elements share the gradient evenly") {
  const Variable x = leaf({3, 1, 3, 1, 3, 0}, {2, 3});
  const Tensor start = from_vector<double>({6, 5}, {2});
  backward(max(x, {1}), {.gradient = start});
  check_close(values(x.grad()), {3, 0, 3, 0, 5, 0}, 0);
  Variable y = leaf({1, 1, 1, 2}, {4});
  backward(min(y));
  check_close(values(y.grad()), {1.0 / 3, 1.0 / 3, 1.0 / 3, 0}, 1e-15);
}

TEST_CASE("the gradient of max and min goes to the NaN that is their result") {
  const double nan = std::nan("");
  for (const bool largest : {true, false}) {
    const auto extreme = [&](const Variable& x, const Dims& dims, bool keepdim) {
      return largest ? max(x, dims, keepdim) : min(x, dims, keepdim);
    };
    Variable x = leaf({1, nan, 2}, {3});
    backward(largest ? max(x) : min(x));
    check_close(values(x.grad()), {0, 1, 0}, 0);
    for (const bool keepdim : {false, true}) {
      // A row with one NaN, one with two, one with an infinity, one of ties.
      Variable y = leaf({1, nan, 2, nan, 5, nan, kInfinity, -kInfinity, 0, 7, 7, 7}, {4, 3});
      backward(sum(extreme(y, {1}, keepdim)));
      const double third = 1.0 / 3;
      check_close(values(y.grad()),
                  {0, 1, 0, 0.5, 0, 0.5, largest ? 1.0 : 0, largest ? 0 : 1.0, 0, third, third, third}, 1e-15);
      Variable z = leaf({1, nan, nan, 4}, {2, 2});
      backward(extreme(z, {0, 1}, keepdim),
               {.gradient = keepdim ? full({1, 1}, 3, DType::float64) : scalar(3, DType::float64)});
      check_close(values(z.grad()), {0, 1.5, 1.5, 0}, 0);
    }
    const Variable first = grad({extreme(x, {0}, false)}, {x}, {.create_graph = true})[0];
    check_close(values(first.value()), {0, 1, 0}, 0);
    CHECK(argmax(x.value()).item<int64_t>() == 1);
  }
}

TEST_CASE("a standard deviation of equal elements has the gradient 0, also where their mean is rounded") {
  for (const int64_t count : {3, 5, 60}) {
    const Variable x(full({2, count}, 0.1, DType::float64), true);
    backward(sum(stddev(x, {1})));
    CHECK(values(x.grad()) == std::vector<double>(static_cast<size_t>(2 * count), 0.0));
  }
}

TEST_CASE("a standard deviation whose square leaves the range has its gradients") {
  for (const auto& [dtype, size] : std::vector<std::pair<DType, double>>{{DType::float32, 1e20},
                                                                         {DType::float32, 2e38},
                                                                         {DType::float32, 1e-30},
                                                                         {DType::float64, 1e200},
                                                                         {DType::float64, 1e-200}}) {
    CAPTURE(dtype, size);
    const Variable x(to(tensor({{size, -size}, {1.0, 3.0}}), dtype), true);
    const Variable y = stddev(x, {1});
    check_close(values(y.value() / tensor({size, 1.0}, dtype)), {std::sqrt(2), std::sqrt(2)}, 1e-6);
    const double half = std::sqrt(0.5);
    check_close(values(grad({sum(y)}, {x})[0].value()), {half, -half, -half, half}, 1e-6);
  }
}

TEST_CASE("gradients of reductions of nothing are nothing, and of one element's variance NaN") {
  for (const auto& op :
       {+[](const Variable& v) { return sum(v, {1}); }, +[](const Variable& v) { return mean(v, {1}); },
        +[](const Variable& v) { return var(v, {1}); }, +[](const Variable& v) { return logsumexp(v, {1}); }}) {
    Variable x = leaf({}, {2, 0});
    backward(sum(op(x)));
    CHECK(x.grad().shape() == Shape{2, 0});
  }
  Variable none = leaf({}, {0, 3});
  backward(sum(max(none, {1})));
  CHECK(none.grad().shape() == Shape{0, 3});
  Variable one = leaf({5}, {1});
  backward(var(one));
  check_close(values(one.grad()), {std::nan("")}, 0);
}

TEST_CASE("the gradient of var is right where its squares leave the range of float32") {
  Variable x(to(from_vector<double>({1e20, 0, 0, -1e20}, {4}), DType::float32), true);
  backward(var(x, {0}, false), {.gradient = scalar(1)});
  check_close(values(x.grad()), {5e19, 0, 0, -5e19}, 1e-6);
  Variable large(full({4}, 3e38), true);
  backward(var(large));
  check_close(values(large.grad()), {0, 0, 0, 0}, 0);
}

TEST_CASE("equal operands of maximum and minimum share the gradient half and half") {
  const Variable a = leaf({1, 2, 3}, {3}), b = leaf({1, 3, 2}, {3});
  backward(sum(maximum(a, b)));
  check_close(values(a.grad()), {0.5, 0, 1}, 0);
  check_close(values(b.grad()), {0.5, 1, 0}, 0);
  backward(sum(minimum(a, b)));
  check_close(values(a.grad()), {1, 1, 1}, 0);
}

TEST_CASE("the gradient of maximum and minimum goes to the operand that is NaN, to both where both are") {
  const double nan = std::nan("");
  for (const auto& op : {+[](const Variable&a, const Variable&b) { return maximum(a, b); },
                         +[](const Variable&a, const Variable&b) { return minimum(a, b); }}) {
    Variable a = leaf({nan, 1, nan, 2}, {4}), b = leaf({1, nan, nan, 2}, {4});
    backward(sum(op(a, b)));
    check_close(values(a.grad()), {1, 0, 0.5, 0.5}, 0);
    check_close(values(b.grad()), {0, 1, 0.5, 0.5}, 0);
    Variable row = leaf({nan, 3}, {2}), column = leaf({1, nan}, {2, 1});
    backward(sum(op(row, column)));
    CHECK(values(row.grad())[0] == 1.5);
    CHECK(values(column.grad())[1] == 1.5);
  }
}

TEST_CASE("logsumexp of nothing but -infinity has gradient 0, not NaN") {
  const Variable x = leaf({-kInfinity, -kInfinity, -kInfinity, 1}, {2, 2});
  backward(logsumexp(x, {1}), {.gradient = ones({2}, DType::float64)});
  check_close(values(x.grad()), {0, 0, 0, 1}, 0);
}

TEST_CASE("logsumexp neither overflows nor loses its gradient far from 0") {
  const Variable x = leaf({1000, 1000, -1000}, {3});
  backward(logsumexp(x));
  check_close(values(x.grad()), {0.5, 0.5, 0}, 1e-12);
}

}  // namespace
}  // namespace heed::test

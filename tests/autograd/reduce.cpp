// What the op table's random numbers do not meet: ties, infinities, empty sums.
#include <heed/autograd/reduce.h>

#include <cmath>
#include <limits>

#include <heed/autograd/backward.h>
#include <heed/autograd/elementwise.h>

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

TEST_CASE("equal operands of maximum and minimum share the gradient half and half") {
  const Variable a = leaf({1, 2, 3}, {3}), b = leaf({1, 3, 2}, {3});
  backward(sum(maximum(a, b)));
  check_close(values(a.grad()), {0.5, 0, 1}, 0);
  check_close(values(b.grad()), {0.5, 1, 0}, 0);
  backward(sum(minimum(a, b)));
  check_close(values(a.grad()), {1, 1, 1}, 0);
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

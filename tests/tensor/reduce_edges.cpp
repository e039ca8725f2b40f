// Reductions of nothing, of NaN and infinities, and of numbers whose sums or squares leave the range of the dtype.
#include <heed/tensor/reduce.h>

#include <cmath>
#include <limits>

#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>
#include <heed/tensor/index.h>

#include "support/reference.h"

namespace heed::test {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
const double kNaN = std::nan("");

void check_all(const Tensor& actual, const Shape& shape, double expected) {
  CHECK(actual.shape() == shape);
  check_close(values(actual), std::vector<double>(static_cast<size_t>(shape.numel()), expected), 0);
}

TEST_CASE("reductions of nothing give what NumPy's do") {
  for (const DType dtype : {DType::float32, DType::float64}) {
    const Tensor none = zeros({0}, dtype), rows = zeros({2, 0}, dtype), columns = zeros({0, 3}, dtype);
    check_all(sum(none), {}, 0);
    check_all(mean(none), {}, kNaN);
    check_all(var(none), {}, kNaN);
    check_all(var(none, {0}, false), {}, kNaN);
    check_all(logsumexp(none), {}, -kInfinity);
    for (const bool keepdim : {false, true}) {
      const Shape of_rows = keepdim ? Shape{2, 1} : Shape{2}, of_columns = keepdim ? Shape{1, 3} : Shape{3};
      const Shape of_both = keepdim ? Shape{1, 1} : Shape{};
      for (const auto& [x, dims, shape] : {std::tuple{rows, Dims{1}, of_rows}, std::tuple{columns, Dims{0}, of_columns},
                                           std::tuple{columns, Dims{0, 1}, of_both}}) {
        check_all(sum(x, dims, keepdim), shape, 0);
        check_all(mean(x, dims, keepdim), shape, kNaN);
        check_all(var(x, dims, true, keepdim), shape, kNaN);
        check_all(var(x, dims, false, keepdim), shape, kNaN);
        check_all(logsumexp(x, dims, keepdim), shape, -kInfinity);
        check_all(any(to(x, DType::boolean), dims, keepdim), shape, 0);
        check_all(all(to(x, DType::boolean), dims, keepdim), shape, 1);
        CHECK_THROWS_AS(max(x, dims, keepdim), ShapeError);
        CHECK_THROWS_AS(min(x, dims, keepdim), ShapeError);
      }
      // Nothing is asked for: the other axis is empty as well.
      const Shape nothing = keepdim ? Shape{0, 1} : Shape{0};
      for (const Tensor& x : {zeros({0, 3}, dtype), zeros({0, 0}, dtype)}) {
        for (const auto& op : {+[](const Tensor&t, bool keep) { return sum(t, {1}, keep); },
                               +[](const Tensor&t, bool keep) { return mean(t, {1}, keep); },
                               +[](const Tensor&t, bool keep) { return var(t, {1}, true, keep); },
                               +[](const Tensor&t, bool keep) { return max(t, {1}, keep); },
                               +[](const Tensor&t, bool keep) { return min(t, {1}, keep); },
                               +[](const Tensor&t, bool keep) { return argmax(t, 1, keep); },
                               +[](const Tensor&t, bool keep) { return logsumexp(t, {1}, keep); }}) {
          CHECK(op(x, keepdim).shape() == nothing);
        }
      }
    }
    CHECK(message_of<ShapeError>([&] { argmax(rows, 1); }) ==
          "argmax: the axis must not be empty, got (2, 0) along axis 1");
    CHECK_THROWS_AS(max(none), ShapeError);
    CHECK_THROWS_AS(argmax(none), ShapeError);
  }
  CHECK(sum(zeros({0}, DType::int64)).item<int64_t>() == 0);
  CHECK(sum(zeros({2, 0}, DType::boolean), {1}).to_vector<int64_t>() == std::vector<int64_t>{0, 0});
  CHECK_THROWS_AS(max(zeros({0}, DType::int64)), ShapeError);
}

TEST_CASE("NaN wins in max, min and argmax, and infinities survive") {
  for (const DType dtype : {DType::float32, DType::float64}) {
    for (const int64_t place : {0, 7, 36}) {
      Tensor x = random_tensor({3, 37}, 7, dtype);
      Tensor one = narrow(narrow(x, 0, 1, 1), 1, place, 1);
      fill_(one, kNaN);
      for (const bool largest : {true, false}) {
        const auto op = [largest](const Tensor& y, const Dims& dims, bool keepdim) {
          return largest ? max(y, dims, keepdim) : min(y, dims, keepdim);
        };
        CHECK(std::isnan(op(x, {1}, false).at({1})));
        CHECK(std::isnan(op(x, {0}, false).at({place})));
        CHECK(std::isnan(op(x, {0, 1}, false).item()));
        CHECK_FALSE(std::isnan(op(x, {1}, false).at({2})));
      }
      CHECK(argmax(x, 1).at({1}) == static_cast<double>(place));
    }
    CHECK(max(full({3}, -kInfinity, dtype)).item() == -kInfinity);
    CHECK(min(full({3}, kInfinity, dtype)).item() == kInfinity);
    CHECK(logsumexp(full({3}, -kInfinity, dtype)).item() == -kInfinity);
    CHECK(logsumexp(zeros({0}, dtype)).item() == -kInfinity);
    CHECK(logsumexp(full({2}, 1e30, dtype)).item() == Approx(1e30));
    CHECK(logsumexp(full({2}, -1e30, dtype)).item() == Approx(-1e30));
  }
}

TEST_CASE("the variance of one element is 0 over n and NaN over n - 1") {
  check_all(var(ones({1})), {}, kNaN);
  check_all(var(ones({3, 1}), {1}), {3}, kNaN);
  check_all(var(ones({3, 1}), {1}, false), {3}, 0);
}

/// `count` times +size and -size in turn.
Tensor alternating(int64_t count, double size, DType dtype) {
  std::vector<double> numbers;
  for (int64_t i = 0; i < count; ++i) {
    numbers.push_back(i % 2 == 0 ? size : -size);
  }
  return to(from_vector(numbers, {count}), dtype);
}

TEST_CASE("a variance that fits the dtype is correct where squares or their sum overflow") {
  // n/(n-1) of size² each; 1.7e19² fits float32 and 1.3e154² float64, the sums do not.
  CHECK(var(alternating(100, 1.7e19, DType::float32)).item() == Approx(1.7e19 * 1.7e19 * 100 / 99).epsilon(1e-6));
  CHECK(var(alternating(100, 1.3e154, DType::float64)).item() == Approx(1.3e154 * 1.3e154 / 99 * 100).epsilon(1e-13));
  // One of a hundred, whose square alone does not fit.
  for (const auto& [dtype, size] : {std::pair{DType::float32, 1e20}, std::pair{DType::float64, 1e155}}) {
    Tensor x = zeros({100}, dtype);
    Tensor one = narrow(x, 0, 7, 1);
    fill_(one, size);
    const double mean_of_squares = size / 100 * size;
    CHECK(var(x, {0}, false).item() == Approx(mean_of_squares - (size / 100) * (size / 100)).epsilon(1e-6));
    CHECK(var(reshape(x, {100, 1}), {0}, false).at({0}) == Approx(mean_of_squares * 0.99).epsilon(1e-6));
  }
  CHECK(var(alternating(2, 1e20, DType::float32)).item() == kInfinity);  // it is 2e40
  CHECK(var(alternating(2, 1e18, DType::float32)).item() == Approx(2e36));
  CHECK(var(tensor<float>({1, NAN})).item() != var(tensor<float>({1, NAN})).item());
  CHECK(std::isnan(var(tensor<double>({1, kInfinity})).item()));
}

TEST_CASE("a mean or a sum that fits the dtype is correct where a partial sum overflows") {
  for (const auto& [dtype, size] : {std::pair{DType::float32, 3e38}, std::pair{DType::float64, 1.5e308}}) {
    for (const int64_t count : {2, 3, 100, 5000}) {
      const Tensor x = full({count}, size, dtype);
      CHECK(mean(x).item() == Approx(size).epsilon(1e-6));
      CHECK(sum(x).item() == kInfinity);
      const Tensor wide = expand(reshape(x, {count, 1}), {count, 3});
      check_close(values(mean(wide, {0})), std::vector<double>(3, mean(x).item()), 1e-6);
      CHECK(sum(cat({x, neg(x), ones({1}, dtype)})).item() == Approx(0).margin(size * 1e-5));
    }
    CHECK(sum(to(tensor<double>({size, size, -size}), dtype)).item() == Approx(size).epsilon(1e-6));
    CHECK(mean(to(tensor<double>({size, kInfinity}), dtype)).item() == kInfinity);
    CHECK(std::isnan(mean(to(tensor<double>({size, kNaN}), dtype)).item()));
  }
}

TEST_CASE("what overflows in one row changes no bit of another") {
  const Tensor x = random_tensor({4, 300}, 1);
  Tensor beside = clone(x);
  Tensor row = narrow(beside, 0, 2, 1);
  mul_(row, 1e19);
  const Tensor third = narrow(beside, 0, 2, 1);
  for (const auto& op : {+[](const Tensor& t) { return var(t, {1}, true, true); },
                         +[](const Tensor& t) { return mean(t, {1}, true); }}) {
    const Tensor alone = op(x), together = op(beside);
    for (const int64_t i : {0, 1, 3}) {
      CHECK(same_bits(narrow(alone, 0, i, 1), narrow(together, 0, i, 1)));
    }
    CHECK(same_bits(op(third), narrow(together, 0, 2, 1)));
    check_close(values(narrow(transpose(op(beside), 0, 1), 1, 2, 1)),
                values(narrow(op(to(beside, DType::float64)), 0, 2, 1)), 1e-5);
    check_threads([&] { return op(beside); });
  }
}

}  // namespace
}  // namespace heed::test

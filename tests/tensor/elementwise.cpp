// Element-wise ops against float64 loops, in every layout.
#include <heed/tensor/elementwise.h>

#include <functional>
#include <limits>

#include <heed/tensor/error.h>

#include "support/binary_functions.h"
#include "support/functions.h"
#include "support/reference.h"

using namespace heed;
using namespace heed::test;

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

void check_binary(const Tensor& actual, const std::function<double(double, double)>& reference, const Tensor& a,
                  const Tensor& b) {
  REQUIRE(actual.shape() == broadcast_shapes(a.shape(), b.shape(), "test"));
  REQUIRE(actual.is_contiguous());
  std::vector<double> expected;
  for_each_index(actual.shape(), [&](const Shape& index) {
    expected.push_back(reference(a.at(broadcast_index(index, a.shape())), b.at(broadcast_index(index, b.shape()))));
  });
  check_close(values(actual), expected, actual.dtype() == DType::float32 ? 1e-6 : 1e-14);
}

const std::vector<std::pair<Shape, Shape>> kShapes = {
    {{}, {}},         {{7}, {7}},   {{3, 5}, {3, 5}},    {{3, 5}, {5}},
    {{3, 1}, {1, 5}}, {{}, {2, 3}}, {{4, 1, 3}, {2, 1}}, {{2, 1, 3, 1}, {4, 1, 5}},
    {{0, 3}, {1, 3}}, {{2, 0}, {}}, {{17, 9}, {1, 9}}};

}  // namespace

TEST_CASE("arithmetic agrees with float64 loops at every shape, layout and dtype") {
  for (const BinaryFunction<Tensor>& row : binary_functions<Tensor>()) {
    for (const DType dtype : {DType::float32, DType::float64, DType::int64}) {
      if (dtype == DType::int64 && !row.integers) {
        continue;
      }
      for (const auto& [left, right] : kShapes) {
        CAPTURE(row.name, dtype, left, right);
        const Tensor a = random_tensor(left, 1, dtype, row.left_low, 4);
        const Tensor b = random_tensor(right, 2, dtype, row.right_low, 4);
        const Tensor expected = row.heed(a, b);
        check_binary(expected, row.f64, a, b);
        CHECK(same_bits(row.heed(strided(a), b), expected));
        CHECK(same_bits(row.heed(a, strided(b)), expected));
        CHECK(same_bits(row.heed(strided(a), strided(b)), expected));
      }
    }
  }
}

TEST_CASE("a number stands for a rank-0 tensor") {
  for (const DType dtype : {DType::float32, DType::float64, DType::int64}) {
    const Tensor x = random_tensor({3, 5}, 3, dtype, 1, 9);
    const Tensor two = scalar(2, dtype);
    CHECK(same_bits(x + 2.0, add(x, two)));
    CHECK(same_bits(2.0 + x, add(two, x)));
    CHECK(same_bits(x - 2.0, sub(x, two)));
    CHECK(same_bits(2.0 - x, sub(two, x)));
    CHECK(same_bits(x * 2.0, mul(x, two)));
    CHECK(same_bits(2.0 * x, mul(two, x)));
    CHECK(same_bits(eq(x, 2.0), eq(x, two)));
    CHECK(same_bits(ne(x, 2.0), ne(x, two)));
    CHECK(same_bits(lt(x, 2.0), lt(x, two)));
    CHECK(same_bits(le(x, 2.0), le(x, two)));
    CHECK(same_bits(gt(x, 2.0), gt(x, two)));
    CHECK(same_bits(ge(x, 2.0), ge(x, two)));
    if (is_floating(dtype)) {
      CHECK(same_bits(x / 2.0, div(x, two)));
      CHECK(same_bits(2.0 / x, div(two, x)));
      CHECK(same_bits(pow(x, 1.5), pow(x, scalar(1.5, dtype))));
      check_close(pow(x, 2), mul(x, x), 0);
    }
  }
  CHECK_THROWS_AS(arange(3) + 0.5, ValueError);
  CHECK_THROWS_AS(arange(3) * 1e19, ValueError);
  CHECK_THROWS_AS(arange(3) - kNaN, ValueError);
  CHECK_THROWS_AS(eq(zeros({2}, DType::boolean), 2), ValueError);
}

TEST_CASE("a number beside a tensor allocates nothing but the result") {
  const Tensor x = ones({3});
  const int64_t before = allocator_stats().bytes_in_use;
  const Tensor y = x * 2.0;
  const int64_t one = allocator_stats().bytes_in_use - before;
  const Tensor z = add(x, x);
  CHECK(allocator_stats().bytes_in_use - before == 2 * one);
}

TEST_CASE("int64 arithmetic wraps around") {
  const Tensor large = full({2}, -0x1p63, DType::int64);
  CHECK(sub(large, 1.0).to_vector<int64_t>()[0] == std::numeric_limits<int64_t>::max());
  CHECK(neg(large).to_vector<int64_t>()[0] == std::numeric_limits<int64_t>::min());
  CHECK(abs(large).to_vector<int64_t>()[0] == std::numeric_limits<int64_t>::min());
  CHECK(mul(large, 3.0).to_vector<int64_t>()[0] == std::numeric_limits<int64_t>::min());
}

TEST_CASE("comparison takes every dtype and NaN is unequal to everything") {
  for (const BinaryFunction<Tensor>& row : comparisons()) {
    for (const DType dtype : {DType::float32, DType::float64, DType::int64, DType::boolean}) {
      for (const auto& [left, right] : kShapes) {
        CAPTURE(row.name, dtype, left, right);
        const Tensor a = random_tensor(left, 1, dtype), b = random_tensor(right, 2, dtype);
        CHECK(row.heed(a, b).dtype() == DType::boolean);
        check_binary(row.heed(a, b), row.f64, a, b);
        check_binary(row.heed(strided(a), strided(b)), row.f64, a, b);
      }
    }
    const Tensor nothing = full({3}, kNaN);
    check_binary(row.heed(nothing, nothing), row.f64, nothing, nothing);
  }
}

TEST_CASE("logic works on bool only") {
  const Tensor a = random_tensor({3, 5}, 1, DType::boolean), b = random_tensor({5}, 2, DType::boolean);
  check_binary(
      logical_and(a, b), [](double x, double y) { return x != 0 && y != 0; }, a, b);
  check_binary(
      logical_or(strided(a), strided(b)), [](double x, double y) { return x != 0 || y != 0; }, a, b);
  check_close(logical_not(strided(a)), eq(a, 0), 0);
  CHECK_THROWS_AS(logical_and(a, ones({5})), DTypeError);
  CHECK_THROWS_AS(logical_not(ones({5})), DTypeError);
}

TEST_CASE("functions agree with their references in every layout") {
  for (const Function<Tensor>& row : functions<Tensor>()) {
    for (const DType dtype : {DType::float32, DType::float64}) {
      for (const Shape& shape : {Shape{}, Shape{1}, Shape{37}, Shape{3, 5, 7}, Shape{2, 0, 3}}) {
        CAPTURE(row.name, dtype, shape);
        const Tensor x = random_tensor(shape, 4, dtype, row.low, row.high);
        const Tensor y = row.heed(x);
        std::vector<double> expected;
        for (const double value : values(x)) {
          expected.push_back(static_cast<double>(row.value(value)));
        }
        check_close(values(y), expected, dtype == DType::float32 ? 1e-6 : 1e-13);
        CHECK(y.is_contiguous());
        CHECK(same_bits(row.heed(strided(x)), y));
        const Tensor repeated = expand(unsqueeze(x, 0), [&] {
          Shape wider = shape;
          wider.insert(0, 3);
          return wider;
        }());
        CHECK(same_bits(select(row.heed(repeated), 0, 2), y));
      }
    }
    CHECK(std::isnan(row.heed(full({5}, kNaN)).at({4})));
    CHECK_THROWS_AS(row.heed(zeros({2}, DType::boolean)), DTypeError);
  }
}

TEST_CASE("neg, abs and clamp take int64") {
  const Tensor x = tensor<int64_t>({-5, 0, 7});
  CHECK(neg(x).to_vector<int64_t>() == std::vector<int64_t>{5, 0, -7});
  CHECK(abs(strided(x)).to_vector<int64_t>() == std::vector<int64_t>{5, 0, 7});
  CHECK(clamp(x, -1, kInfinity).to_vector<int64_t>() == std::vector<int64_t>{-1, 0, 7});
  CHECK_THROWS_AS(clamp(x, 0.5, 2), ValueError);
  CHECK_THROWS_AS(clamp(x, 2, 1), ValueError);
  CHECK_THROWS_AS(clamp(ones({2}), kNaN, 1), ValueError);
  CHECK_THROWS_AS(exp(x), DTypeError);
}

TEST_CASE("where and masked_fill choose by a broadcast condition") {
  for (const DType dtype : {DType::float32, DType::float64, DType::int64, DType::boolean}) {
    const Tensor condition = random_tensor({3, 1}, 1, DType::boolean);
    const Tensor a = random_tensor({5}, 2, dtype), b = random_tensor({2, 3, 5}, 3, dtype);
    const Tensor chosen = where(condition, a, b);
    CHECK(same_bits(where(strided(condition), strided(a), strided(b)), chosen));
    for_each_index({2, 3, 5}, [&](const Shape& index) {
      CHECK(chosen.at(index) == (condition.at({index[1], 0}) != 0 ? a.at({index[2]}) : b.at(index)));
    });
    CHECK(same_bits(masked_fill(b, condition, 1), where(condition, scalar(1, dtype), b)));
    CHECK(same_bits(masked_fill(strided(b), strided(condition), 1), masked_fill(b, condition, 1)));
  }
  CHECK(where(zeros({0, 3}, DType::boolean), ones({3}), ones({3})).shape() == Shape{0, 3});
  CHECK_THROWS_AS(where(ones({3}), ones({3}), ones({3})), DTypeError);
  CHECK_THROWS_AS(where(zeros({3}, DType::boolean), ones({3}), arange(3)), DTypeError);
  CHECK_THROWS_AS(masked_fill(ones({3}), zeros({2, 3}, DType::boolean), 0), ShapeError);
  CHECK_THROWS_AS(masked_fill(ones({3}), zeros({2}, DType::boolean), 0), ShapeError);
  CHECK_THROWS_AS(masked_fill(arange(3), zeros({3}, DType::boolean), 0.5), ValueError);
}

TEST_CASE("isfinite and all_finite find each infinite or NaN element") {
  for (const DType dtype : {DType::float32, DType::float64}) {
    for (const double wrong : {kNaN, kInfinity, -kInfinity}) {
      for (const int64_t place : {0, 1, 4095, 4096, 9999}) {
        Tensor x = random_tensor({10000}, 5, dtype);
        CHECK(all_finite(x));
        Tensor one = narrow(x, 0, place, 1);
        fill_(one, wrong);
        CHECK_FALSE(all_finite(x));
        CHECK_FALSE(all_finite(strided(x)));
        CHECK(isfinite(x).at({place}) == 0);
        CHECK(isfinite(x).at({5000}) == 1);
      }
    }
    CHECK(all_finite(full({2}, 1e38, dtype)));
  }
  CHECK(all_finite(zeros({0})));
  CHECK(all_finite(scalar(3)));
  CHECK(all_finite(arange(3)));
}

TEST_CASE("add_ and mul_ change their operand in place, in any layout") {
  for (const DType dtype : {DType::float32, DType::float64}) {
    const Tensor start = random_tensor({7, 300}, 6, dtype), y = random_tensor({7, 300}, 7, dtype);
    Tensor x = clone(start), apart = strided(start);
    const uint64_t version = x.version();
    add_(x, y, -0.5);
    CHECK(x.version() > version);
    check_close(x, start - y * 0.5, 1e-6);
    add_(apart, strided(y), -0.5);
    CHECK(same_bits(apart, x));
    mul_(x, 3);
    mul_(apart, 3);
    check_close(x, (start - y * 0.5) * 3.0, 1e-6);
    CHECK(same_bits(apart, x));
  }
  Tensor x = ones({3});
  Tensor repeated = expand(x, {2, 3});
  CHECK_THROWS_AS(add_(repeated, ones({2, 3})), ValueError);
  CHECK_THROWS_AS(add_(x, ones({1})), ShapeError);
  CHECK_THROWS_AS(add_(x, ones({3}, DType::float64)), DTypeError);
  Tensor whole = arange(3);
  CHECK_THROWS_AS(mul_(whole, 2), DTypeError);
}

TEST_CASE("element-wise ops give the same bits on any number of threads") {
  const Tensor a = random_tensor({301, 517}, 8), b = random_tensor({517, 301}, 9);
  check_threads([&] { return a + transpose(b, 0, 1); });
  check_threads([&] { return tanh(transpose(b, 0, 1)); });
  check_threads([&] { return where(gt(a, 0), a, transpose(b, 0, 1)); });
  check_threads([&] { return pow(abs(a), 1.5); });
  check_threads([&] {
    Tensor x = clone(a);
    add_(x, transpose(b, 0, 1), 0.3);
    return x;
  });
}

TEST_CASE("element-wise ops refuse what does not fit and say why") {
  CHECK(message_of<ShapeError>([] {
          add(ones({2, 3}), ones({2}));
        }) == "add: shapes do not broadcast, got (2, 3) and (2,)");
  CHECK(message_of<DTypeError>([] { mul(ones({2}), ones({2}, DType::float64)); }) ==
        "mul: dtypes must match, got float32 and float64");
  CHECK(message_of<DTypeError>([] { div(arange(2), arange(2)); }) == "div: needs float32 or float64, got int64");
  CHECK(message_of<DTypeError>([] { exp(arange(2)); }) == "exp: needs float32 or float64, got int64");
  CHECK_THROWS_AS(add(Tensor(), ones({2})), ValueError);
  CHECK_THROWS_AS(add(zeros({2}, DType::boolean), zeros({2}, DType::boolean)), DTypeError);
  CHECK_THROWS_AS(lt(ones({2}), arange(2)), DTypeError);
}

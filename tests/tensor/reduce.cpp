// Reductions over every set of axes against float64 loops; accuracy, order, NaN and emptiness.
#include <heed/tensor/reduce.h>

#include <algorithm>
#include <limits>

#include <heed/tensor/create.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>

#include "support/array.h"
#include "support/reductions.h"

using namespace heed;
using namespace heed::test;

namespace {

using Row = ReductionRow<Tensor>;

/// Every set of axes of `rank`.
std::vector<Dims> sets_of_axes(int64_t rank) {
  std::vector<Dims> sets;
  for (int64_t bits = 0; bits < (int64_t{1} << rank); ++bits) {
    Dims dims;
    for (int64_t axis = 0; axis < rank; ++axis) {
      if ((bits >> axis & 1) != 0) {
        dims.push_back(axis);
      }
    }
    sets.push_back(dims);
  }
  return sets;
}

bool is_empty_over(const Shape& shape, const Dims& dims) {
  for (const int64_t axis : dims) {
    if (shape[axis] == 0) {
      return true;
    }
  }
  return false;
}

void check_reduction(const Row& row, const Tensor& x, const Dims& dims) {
  if (row.needs_elements && is_empty_over(x.shape(), dims)) {
    CHECK_THROWS_AS(row.some(x, dims, false), ShapeError);
    return;
  }
  const Array expected = reduced<Line>(array_of(x), dims, false, row.value);
  const Tensor result = row.some(x, dims, false);
  REQUIRE(result.shape() == expected.shape);
  CHECK(result.is_contiguous());
  check_close(values(result), expected.values, x.dtype() == DType::float32 ? 3e-6 : 1e-13);
  const Tensor kept = row.some(x, dims, true);
  CHECK(kept.shape() == reduced_shape(x.shape(), dims, true));
  CHECK(same_bits(reshape(kept, result.shape()), result));
  CHECK(same_bits(row.some(strided(x), dims, false), result));
}

}  // namespace

TEST_CASE("reductions agree with float64 loops over every set of axes, whatever the layout") {
  for (const Row& row : reductions<Tensor>()) {
    for (const DType dtype : {DType::float32, DType::float64}) {
      for (const Shape& shape : {Shape{}, Shape{9}, Shape{4, 5}, Shape{3, 4, 5}, Shape{2, 3, 4, 5}, Shape{5, 1, 3},
                                 Shape{130, 3}, Shape{3, 300}, Shape{2, 0, 3}, Shape{0}}) {
        for (const Dims& dims : sets_of_axes(shape.rank())) {
          CAPTURE(row.name, dtype, shape, dims);
          check_reduction(row, random_tensor(shape, 1, dtype), dims);
        }
      }
    }
    CHECK_THROWS_AS(row.some(ones({2, 3}), {2}, false), IndexError);
    CHECK_THROWS_AS(row.some(ones({2, 3}), {1, -1}, false), IndexError);
  }
}

TEST_CASE("int64 and bool are summed as int64, and int64 has extremes") {
  const Tensor x = random_tensor({3, 4, 5}, 2, DType::int64, -50, 50);
  const Tensor flags = random_tensor({3, 4, 5}, 3, DType::boolean);
  for (const Dims& dims : sets_of_axes(3)) {
    for (const Row& row : reductions<Tensor>()) {
      const bool is_sum = row.op() == std::string("sum");
      if (is_sum || row.needs_elements) {
        check_reduction(row, x, dims);
      }
      if (is_sum) {
        check_reduction(row, flags, dims);
      }
    }
  }
  CHECK(sum(flags).dtype() == DType::int64);
  CHECK(sum(full({2}, 0x1p62, DType::int64)).to_vector<int64_t>()[0] == std::numeric_limits<int64_t>::min());
  CHECK_THROWS_AS(mean(x), DTypeError);
  CHECK_THROWS_AS(var(x), DTypeError);
  CHECK_THROWS_AS(max(flags), DTypeError);
}

TEST_CASE("any and all look at every element of every set of axes") {
  const Tensor x = lt(random_tensor({3, 4, 2}, 4), 1.2);
  const Row any_row{"any", [](const Tensor& t, const Dims& dims, bool keep) { return any(t, dims, keep); }, nullptr,
                    [](const Line& line) { return static_cast<Real>(sum_of(line) > 0); }};
  const Row all_row{"all", [](const Tensor& t, const Dims& dims, bool keep) { return all(t, dims, keep); }, nullptr,
                    [](const Line& line) { return static_cast<Real>(sum_of(line) == static_cast<Real>(line.size())); }};
  for (const Dims& dims : sets_of_axes(3)) {
    for (const Tensor& flags : {x, logical_not(x), zeros({3, 0, 2}, DType::boolean)}) {
      CAPTURE(dims, flags.shape());
      check_reduction(any_row, flags, dims);
      check_reduction(all_row, flags, dims);
    }
  }
  CHECK_THROWS_AS(any(ones({2}), {0}), DTypeError);
  CHECK_THROWS_AS(all(ones({2}), {0}), DTypeError);
}

TEST_CASE("long float32 sums are accurate along rows and columns") {
  const int64_t n = 200000;
  const Tensor x = random_tensor({n}, 5, DType::float32, 0, 1);
  const double expected = sum(to(x, DType::float64)).item();
  CHECK(sum(x).item() == Approx(expected).epsilon(2e-7));
  CHECK(sum(reshape(x, {n, 1}), {0}).at({0}) == Approx(expected).epsilon(2e-7));
  CHECK(sum(expand(reshape(x, {n, 1}), {n, 3}), {0}).at({2}) == Approx(expected).epsilon(2e-7));
  const Tensor far = add(x, 4096.0);
  CHECK(var(far).item() == Approx(var(to(far, DType::float64)).item()).epsilon(1e-5));
}

TEST_CASE("a result has the same bits alone and beside others") {
  const Tensor x = random_tensor({5, 37, 300}, 6);
  for (const Row& row : reductions<Tensor>()) {
    for (const Dims& dims : {Dims{1}, Dims{2}, Dims{1, 2}}) {
      const Tensor all = row.some(x, dims, true);
      CHECK(same_bits(row.some(narrow(x, 0, 3, 1), dims, true), narrow(all, 0, 3, 1)));
      if (dims == Dims{1}) {
        CHECK(same_bits(row.some(narrow(x, 2, 299, 1), dims, true), narrow(all, 2, 299, 1)));
      }
    }
  }
}

TEST_CASE("argmax names the first of the largest") {
  for (const DType dtype : {DType::float32, DType::float64, DType::int64}) {
    const Tensor x = to(random_tensor({4, 5, 6}, 8, DType::int64, -4, 4), dtype);
    for (int64_t axis = 0; axis < 3; ++axis) {
      const Tensor index = argmax(x, axis - 3);
      const Tensor kept = argmax(x, axis, true);
      CHECK(same_bits(argmax(strided(x), axis), index));
      CHECK(same_bits(reshape(kept, index.shape()), index));
      CHECK(index.dtype() == DType::int64);
      for_each_index(kept.shape(), [&](const Shape& place) {
        int64_t best = 0;
        for (int64_t i = 0; i < x.size(axis); ++i) {
          Shape here = place, there = place;
          here[axis] = i;
          there[axis] = best;
          best = x.at(here) > x.at(there) ? i : best;
        }
        CHECK(kept.at(place) == static_cast<double>(best));
      });
    }
    const std::vector<double> flat = values(x);
    CHECK(argmax(strided(x)).item<int64_t>() == std::max_element(flat.begin(), flat.end()) - flat.begin());
  }
  const Tensor wide = to(random_tensor({4, 5, 6}, 8, DType::int64, -4, 4), DType::float32);
  for (int64_t axis = 0; axis < 3; ++axis) {
    CHECK(same_bits(argmin(wide, axis, true), argmax(-wide, axis, true)));
  }
  CHECK(same_bits(argmin(wide), argmax(-wide)));
  CHECK_THROWS_WITH(argmin(zeros({3, 0}), 1), "argmin: the axis must not be empty, got (3, 0) along axis 1");
  CHECK_THROWS_AS(argmax(zeros({3, 0}), 1), ShapeError);
  CHECK_THROWS_AS(argmax(zeros({0})), ShapeError);
  CHECK(argmax(zeros({0, 3}), 1).shape() == Shape{0});
}

TEST_CASE("cumsum runs along one axis") {
  for (const DType dtype : {DType::float32, DType::float64, DType::int64}) {
    const Tensor x = random_tensor({3, 4, 5}, 9, dtype, -9, 9);
    for (int64_t axis = 0; axis < 3; ++axis) {
      const Tensor y = cumsum(x, axis);
      CHECK(same_bits(cumsum(strided(x), axis - 3), y));
      for (int64_t i = 0; i < x.size(axis); ++i) {
        check_close(select(y, axis, i), sum(narrow(x, axis, 0, i + 1), {axis}), 1e-6);
      }
    }
  }
  CHECK(cumsum(zeros({2, 0}), 1).shape() == Shape{2, 0});
  CHECK_THROWS_AS(cumsum(scalar(1), 0), IndexError);
  CHECK_THROWS_AS(cumsum(zeros({2}, DType::boolean), 0), DTypeError);
}

TEST_CASE("sum_to undoes a broadcast") {
  const Tensor x = random_tensor({2, 3, 4}, 10);
  for (const Shape& shape :
       {Shape{}, Shape{4}, Shape{1}, Shape{3, 1}, Shape{1, 4}, Shape{2, 1, 4}, Shape{1, 1, 1}, Shape{2, 3, 4}}) {
    const Tensor y = sum_to(x, shape);
    REQUIRE(y.shape() == shape);
    const Tensor probe = random_tensor(shape, 11);
    CHECK(sum(mul(y, probe)).item() == Approx(sum(mul(x, expand(probe, x.shape()))).item()).epsilon(1e-4));
  }
  CHECK(sum_to(zeros({0, 3}), {1, 3}).to_vector<float>() == std::vector<float>{0, 0, 0});
  CHECK(message_of<ShapeError>([&] { sum_to(x, {2, 4}); }) == "sum_to: (2, 4) does not broadcast to (2, 3, 4)");
  CHECK_THROWS_AS(sum_to(x, {1, 2, 3, 4}), ShapeError);
}

TEST_CASE("reductions give the same bits on any number of threads") {
  const Tensor x = random_tensor({61, 40, 130}, 12);
  for (const Row& row : reductions<Tensor>()) {
    for (const Dims& dims : sets_of_axes(3)) {
      CAPTURE(row.name, dims);
      check_threads([&] { return row.some(x, dims, false); });
    }
  }
  check_threads([&] { return cumsum(x, 1); });
  check_threads([&] { return argmax(x, 0); });
}

TEST_CASE("reductions refuse what does not fit and say why") {
  CHECK(message_of<ShapeError>([] {
          max(zeros({2, 0}), {1});
        }) == "max: a reduced axis must not be empty, got (2, 0) over axes (1,)");
  CHECK(message_of<IndexError>([] { sum(ones({2}), {1}); }) == "sum: axis 1 is out of range for rank 1");
  CHECK(message_of<DTypeError>([] { mean(arange(3)); }) == "mean: needs float32 or float64, got int64");
}

TEST_CASE("one axis stands for a list of one, and a bool for none") {
  const Tensor x = random_tensor({2, 3, 4}, 1);
  CHECK(same_bits(sum(x, 1), sum(x, {1})));
  CHECK(same_bits(mean(x, -1, true), mean(x, {-1}, true)));
  CHECK(same_bits(sum(x, {}), x));
  CHECK(same_bits(sum(x, size_t{2}), sum(x, {2})));
  static_assert(!std::is_convertible_v<bool, Dims>);
  static_assert(!std::is_convertible_v<int, Shape>);
  CHECK_THROWS_AS(sum(x, 3), IndexError);
}

TEST_CASE("equal elements have a variance and a standard deviation of exactly 0") {
  for (const DType dtype : {DType::float32, DType::float64}) {
    for (const double value : {0.1, -1.7, 1e-3, 12345.678, 1e30}) {
      for (const int64_t count : {2, 3, 5, 7, 60, 1001}) {
        CAPTURE(value, count);
        const Tensor x = full({2, count}, value, dtype);
        CHECK(values(var(x, {1}, true, false)) == std::vector<double>{0, 0});
        CHECK(values(stddev(x, {1}, false, false)) == std::vector<double>{0, 0});
      }
    }
  }
}

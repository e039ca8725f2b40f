// Row and column reductions: accuracy, and bits that no stride, padding or split of columns changes.
#include "kernels/reduce.h"

#include "tensor/kernels/naive.h"

namespace heed::kernels::test {
namespace {

const int64_t kLengths[] = {0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 129, 2047, 2048, 2049, 5001};

template <class T>
void check_sums() {
  const ReduceKernels<T>& k = reduce().get<T>();
  for (const int64_t n : kLengths) {
    const std::vector<T> x = random_values<T>(n, 1);
    long double sum = 0, squares = 0;
    for (int64_t i = 0; i < n; ++i) {
      sum += x[i];
      squares += static_cast<long double>(x[i]) * x[i];
    }
    // Chains of at most 2048 / (4 lanes) additions of terms below 1, then folds.
    const double tolerance = (n + 1) * std::numeric_limits<T>::epsilon();
    INFO("n " << n);
    CHECK(std::abs(k.sum(x.data(), 1, n) - sum) <= tolerance);
    CHECK(std::abs(k.sum_of_squares(x.data(), 1, n) - squares) <= tolerance);
  }
}

template <class T>
void check_strides_and_padding() {
  const ReduceKernels<T>& k = reduce().get<T>();
  for (const int64_t n : kLengths) {
    const std::vector<T> x = random_values<T>(n, 3);
    std::vector<T> spread(3 * n + 1), padded(x);
    for (int64_t i = 0; i < n; ++i) spread[3 * i] = x[i];
    INFO("n " << n);
    CHECK(same_bits(k.sum(spread.data(), 3, n), k.sum(x.data(), 1, n)));
    CHECK(same_bits(k.sum_of_squares(spread.data(), 3, n), k.sum_of_squares(x.data(), 1, n)));
    CHECK(same_bits(k.max(spread.data(), 3, n), k.max(x.data(), 1, n)));
    CHECK(same_bits(k.min(spread.data(), 3, n), k.min(x.data(), 1, n)));
    for (const int64_t zeros : {1, 6, 100, 3000}) {
      padded.resize(n + zeros, T{0});
      CHECK(same_bits(k.sum(padded.data(), 1, n + zeros), k.sum(x.data(), 1, n)));
      padded.resize(n);
    }
  }
  const T one = 1;
  CHECK(k.sum(&one, 0, 1000) == 1000);
}

template <class T>
void check_extremes() {
  const ReduceKernels<T>& k = reduce().get<T>();
  CHECK(k.max(nullptr, 1, 0) == -std::numeric_limits<T>::infinity());
  CHECK(k.min(nullptr, 1, 0) == std::numeric_limits<T>::infinity());
  for (const int64_t n : kLengths) {
    std::vector<T> x = random_values<T>(n, 4);
    for (const int64_t place : {int64_t{0}, n / 2, n - 1}) {
      if (place < 0 || place >= n) continue;
      const T kept = x[place];
      INFO("n " << n << ", place " << place);
      x[place] = 5;
      CHECK(k.max(x.data(), 1, n) == 5);
      x[place] = -5;
      CHECK(k.min(x.data(), 1, n) == -5);
      x[place] = std::numeric_limits<T>::quiet_NaN();
      CHECK(std::isnan(k.max(x.data(), 1, n)));
      CHECK(std::isnan(k.min(x.data(), 1, n)));
      x[place] = kept;
    }
  }
}

template <class T>
void check_columns() {
  const ReduceKernels<T>& k = reduce().get<T>();
  for (const int64_t columns : {0, 1, 3, 8, 17, 64, 65, 130, 2100}) {
    const int64_t rows = 7, stride = columns + 2;
    const std::vector<T> x = random_values<T>(rows * stride, 5), start = random_values<T>(columns + 1, 6);
    std::vector<T> sums = start, largest = start, smallest = start;
    std::vector<T> want_sums = start, want_largest = start, want_smallest = start;
    k.sum_columns(x.data(), stride, rows, columns, sums.data());
    k.max_columns(x.data(), stride, rows, columns, largest.data());
    k.min_columns(x.data(), stride, rows, columns, smallest.data());
    for (int64_t i = 0; i < rows; ++i) {
      for (int64_t j = 0; j < columns; ++j) {
        const T value = x[i * stride + j];
        want_sums[j] += value;
        want_largest[j] = std::max(want_largest[j], value);
        want_smallest[j] = std::min(want_smallest[j], value);
      }
    }
    INFO("columns " << columns);
    CHECK(same_bits(sums, want_sums));
    CHECK(same_bits(largest, want_largest));
    CHECK(same_bits(smallest, want_smallest));
  }
}

}  // namespace

TEMPLATE_TEST_CASE("row sums are accurate", "", float, double) { on_every_target(check_sums<TestType>); }

TEMPLATE_TEST_CASE("a long row's sum keeps small terms beside a large one of another block", "", float, double) {
  on_every_target([] {
    const TestType large = std::ldexp(TestType(1), std::numeric_limits<TestType>::digits);
    std::vector<TestType> x(4096, TestType{0});
    x[0] = large;
    std::fill(x.begin() + 2048, x.end(), TestType{1});
    CHECK(reduce().get<TestType>().sum(x.data(), 1, 4096) == large + 2048);
  });
}

TEMPLATE_TEST_CASE("row reductions have the same bits at any stride and with zeros appended", "", float, double) {
  on_every_target(check_strides_and_padding<TestType>);
}

TEMPLATE_TEST_CASE("max and min find the extreme and keep NaN", "", float, double) {
  on_every_target(check_extremes<TestType>);
}

TEMPLATE_TEST_CASE("column reductions go row after row", "", float, double) {
  on_every_target(check_columns<TestType>);
}

}  // namespace heed::kernels::test

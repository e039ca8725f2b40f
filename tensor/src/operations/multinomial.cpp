// Random indices by weight. Rows are drawn one after the other: what is drawn depends on the generator alone.
#include <heed/tensor/multinomial.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include <heed/tensor/create.h>

#include "core/require.h"

namespace heed {
namespace {

constexpr const char* kOp = "multinomial";

void require_weights(const double* weights, int64_t size, int64_t row, int64_t samples, bool replacement) {
  int64_t positive = 0;
  for (int64_t i = 0; i < size; ++i) {
    check(std::isfinite(weights[i]) && weights[i] >= 0, kOp, "weights must be finite and not negative, got ",
          weights[i], " at ", i, " of row ", row);
    positive += weights[i] > 0 ? 1 : 0;
  }
  const int64_t needed = replacement ? std::min<int64_t>(samples, 1) : samples;
  check(positive >= needed, kOp, "needs ", needed, " weights above 0, row ", row, " has ", positive);
}

void draw_with_replacement(const double* weights, int64_t size, int64_t samples, Generator& generator, int64_t* out) {
  std::vector<double> sums(weights, weights + size);
  // Over the largest, so that no sum overflows and no small weights vanish.
  const double largest = size == 0 ? 1 : *std::max_element(weights, weights + size);
  double total = 0;
  for (double& sum : sums) {
    sum = total += sum / largest;
  }
  for (int64_t i = 0; i < samples; ++i) {
    // The first sum above the number: never one of weight 0. Rounding up to the total is excluded.
    const double number = std::min(generator.uniform() * total, std::nextafter(total, 0.0));
    out[i] = std::upper_bound(sums.begin(), sums.end(), number) - sums.begin();
  }
}

void draw_without_replacement(const double* weights, int64_t size, int64_t samples, Generator& generator,
                              int64_t* out) {
  std::vector<double> keys(static_cast<size_t>(size));
  for (int64_t i = 0; i < size; ++i) {
    // log(u) / w, u in (0, 1]: the largest first. In the logarithm, so that small weights do not all give 0.
    const double waiting = -std::log1p(-generator.uniform());
    keys[static_cast<size_t>(i)] = weights[i] > 0 ? std::log(waiting) - std::log(weights[i]) : INFINITY;
  }
  std::vector<int64_t> order(static_cast<size_t>(size));
  std::iota(order.begin(), order.end(), 0);
  std::partial_sort(order.begin(), order.begin() + samples, order.end(), [&](int64_t i, int64_t j) {
    const double a = keys[static_cast<size_t>(i)], b = keys[static_cast<size_t>(j)];
    return a != b ? a < b : i < j;
  });
  std::copy_n(order.begin(), samples, out);
}

}  // namespace

Tensor multinomial(const Tensor& weights, int64_t samples, bool replacement, Generator& generator) {
  detail::require_floating(weights, kOp);
  const int64_t rank = weights.rank();
  check<ShapeError>(rank == 1 || rank == 2, kOp, "weights must be (N) or (B, N), got ", weights.shape());
  check(samples >= 0, kOp, "the number of samples must not be negative, got ", samples);
  const int64_t rows = rank == 1 ? 1 : weights.size(0), size = weights.size(-1);
  const Tensor numbers = contiguous(to(weights, DType::float64));
  Tensor result = empty(rank == 1 ? Shape{samples} : Shape{rows, samples}, DType::int64);
  int64_t* out = result.mutable_data<int64_t>();
  for (int64_t row = 0; row < rows; ++row) {
    require_weights(numbers.data<double>() + row * size, size, row, samples, replacement);
  }
  for (int64_t row = 0; row < rows; ++row) {
    const auto draw = replacement ? draw_with_replacement : draw_without_replacement;
    draw(numbers.data<double>() + row * size, size, samples, generator, out + row * samples);
  }
  return result;
}

}  // namespace heed

// Random indices by weight.
#include <heed/tensor/multinomial.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include <heed/tensor/error.h>

#include "support/reference.h"

using namespace heed;
using namespace heed::test;

namespace {

/// How often each of `size` indices occurs.
std::vector<double> counts_of(const Tensor& drawn, size_t size) {
  std::vector<double> counts(size, 0);
  for (const int64_t index : drawn.to_vector<int64_t>()) {
    ++counts.at(static_cast<size_t>(index));
  }
  return counts;
}

/// χ² of counts against probabilities.
double chi_square(const std::vector<double>& counts, const std::vector<double>& shares, double total) {
  double sum = 0;
  for (size_t i = 0; i < counts.size(); ++i) {
    const double expected = shares[i] * total;
    sum += expected > 0 ? (counts[i] - expected) * (counts[i] - expected) / expected : 0;
  }
  return sum;
}

}  // namespace

TEST_CASE("with replacement indices come in proportion to their weights") {
  Generator generator(3);
  const Tensor drawn = multinomial(tensor({1.0F, 0.0F, 3.0F, 4.0F}), 40000, true, generator);
  const std::vector<double> counts = counts_of(drawn, 4);
  CHECK(counts[1] == 0);
  CHECK(chi_square(counts, {0.125, 0, 0.375, 0.5}, 40000) < 13.8);  // exceeded once in 1000 times
}

TEST_CASE("without replacement each is drawn once, the first in proportion, the second of what is left") {
  Generator generator(4);
  const Tensor weights = tensor({1.0, 2.0, 5.0, 0.0});
  std::vector<double> first(4, 0), second(4, 0);
  const Tensor drawn = multinomial(expand(weights, {20000, 4}), 3, false, generator);
  for (int64_t row = 0; row < 20000; ++row) {
    const std::vector<int64_t> order = select(drawn, 0, row).to_vector<int64_t>();
    REQUIRE(std::set<int64_t>(order.begin(), order.end()) == std::set<int64_t>{0, 1, 2});
    ++first[static_cast<size_t>(order[0])];
    ++second[static_cast<size_t>(order[1])];
  }
  CHECK(chi_square(first, {0.125, 0.25, 0.625, 0}, 20000) < 13.8);
  // Of index 0, say: after 1 with 1/4 · 1/6, after 2 with 5/8 · 1/3.
  const double zero = 0.25 / 6 + 0.625 / 3, one = 0.125 * 2 / 7 + 0.625 * 2 / 3;
  CHECK(chi_square(second, {zero, one, 1 - zero - one, 0}, 20000) < 13.8);
}

TEST_CASE("draws follow from the generator, and move it on") {
  const Tensor weights = rand({3, 50});
  for (const bool replacement : {false, true}) {
    Generator a(7), b(7);
    const Tensor drawn = multinomial(weights, 20, replacement, a);
    CHECK(drawn.shape() == Shape{3, 20});
    CHECK(same_bits(multinomial(weights, 20, replacement, b), drawn));
    CHECK(!same_bits(multinomial(weights, 20, replacement, b), drawn));
  }
  CHECK(multinomial(tensor({2.0}), 1).item<int64_t>() == 0);
  CHECK(multinomial(ones({4}), 0).shape() == Shape{0});
}

TEST_CASE("huge and tiny weights are drawn too") {
  const double huge = std::numeric_limits<double>::max(), tiny = std::numeric_limits<double>::denorm_min();
  const std::vector<double> even = counts_of(multinomial(tensor({huge, huge, huge}), 3000, true), 3);
  CHECK(*std::min_element(even.begin(), even.end()) > 800);
  CHECK(counts_of(multinomial(tensor({tiny, 0.0, tiny}), 1000, true), 3)[1] == 0);
  CHECK(counts_of(multinomial(tensor({huge, tiny}), 2), 2) == std::vector<double>{1, 1});
}

TEST_CASE("weights that are none are refused by their place") {
  CHECK(message_of<ValueError>([] {
          multinomial(tensor({{1.0, 2.0}, {1.0, -2.0}}), 1);
        }) == "multinomial: weights must be finite and not negative, got -2 at 1 of row 1");
  CHECK(message_of<ValueError>([] { multinomial(tensor({std::nan("")}), 1); }).starts_with("multinomial: weights"));
  CHECK(message_of<ValueError>([] { multinomial(zeros({3}), 1, true); }) ==
        "multinomial: needs 1 weights above 0, row 0 has 0");
  CHECK(message_of<ValueError>([] {
          multinomial(tensor({1.0, 0.0, 1.0}), 3);
        }) == "multinomial: needs 3 weights above 0, row 0 has 2");
  CHECK_THROWS_AS(multinomial(ones({1, 2, 3}), 1), ShapeError);
  CHECK_THROWS_AS(multinomial(arange(3), 1), DTypeError);
  CHECK_THROWS_AS(multinomial(ones({3}), -1), ValueError);
}

// Additive attention's kernels against long double, on every SIMD target, with hidden positions that are NaN.
#include "kernels/additive.h"

#include <memory>

#include "tensor/kernels/naive.h"

namespace heed::kernels::test {
namespace {

using Real = long double;

template <class T>
struct Problem {
  int64_t positions, size;
  std::vector<T> query, keys, direction, d_scores, d_keys, d_direction;
  std::unique_ptr<bool[]> hidden;

  Problem(int64_t s, int64_t n, bool masked)
      : positions(s),
        size(n),
        query(random_values<T>(n, 1, -2, 2)),
        keys(random_values<T>(s * n, 2, -2, 2)),
        direction(random_values<T>(n, 3)),
        d_scores(random_values<T>(s, 4)),
        d_keys(random_values<T>(s * n, 5)),
        d_direction(random_values<T>(n, 6)),
        hidden(masked ? new bool[static_cast<size_t>(s) + 1] : nullptr) {
    for (int64_t i = 0; i < s && masked; ++i) {
      hidden[static_cast<size_t>(i)] = i % 3 == 1;
      for (int64_t k = 0; k < n && i % 3 == 1; ++k) keys[at(i, k)] = std::numeric_limits<T>::quiet_NaN();
    }
  }
  size_t at(int64_t s, int64_t n) const { return static_cast<size_t>(s * size + n); }
  bool hides(int64_t s) const { return hidden != nullptr && hidden[static_cast<size_t>(s)]; }
  MemoryShape shape() const { return {positions, size, hidden.get()}; }
  Real squashed(int64_t s, int64_t n) const {
    return std::tanh(static_cast<Real>(query[at(0, n)]) + static_cast<Real>(keys[at(s, n)]));
  }
};

template <class T>
constexpr double kTolerance = 64 * std::numeric_limits<T>::epsilon();

template <class T>
void check_scores(const Problem<T>& p) {
  std::vector<T> got(static_cast<size_t>(p.positions) + 1, T{7});
  additive().get<T>().scores(p.shape(), p.query.data(), p.keys.data(), p.direction.data(), got.data());
  for (int64_t s = 0; s < p.positions; ++s) {
    Real want = 0;
    for (int64_t n = 0; n < p.size && !p.hides(s); ++n) want += p.direction[p.at(0, n)] * p.squashed(s, n);
    CHECK(std::abs(got[p.at(0, s)] - want) <= kTolerance<T>);
  }
  CHECK(got.back() == 7);
}

template <class T>
void check_scores_backward(const Problem<T>& p) {
  std::vector<T> d_query(p.query.size(), T{9}), d_keys = p.d_keys, d_direction = p.d_direction;
  additive().get<T>().scores_backward(p.shape(), p.query.data(), p.keys.data(), p.direction.data(), p.d_scores.data(),
                                      d_query.data(), d_keys.data(), d_direction.data());
  for (int64_t n = 0; n < p.size; ++n) {
    Real of_query = 0, of_direction = p.d_direction[p.at(0, n)];
    for (int64_t s = 0; s < p.positions; ++s) {
      if (p.hides(s)) {
        CHECK(d_keys[p.at(s, n)] == p.d_keys[p.at(s, n)]);
        continue;
      }
      const Real y = p.squashed(s, n), slope = p.d_scores[p.at(0, s)] * p.direction[p.at(0, n)] * (1 - y * y);
      of_query += slope;
      of_direction += p.d_scores[p.at(0, s)] * y;
      CHECK(std::abs(d_keys[p.at(s, n)] - (p.d_keys[p.at(s, n)] + slope)) <= kTolerance<T>);
    }
    CHECK(std::abs(d_query[p.at(0, n)] - of_query) <= kTolerance<T>);
    CHECK(std::abs(d_direction[p.at(0, n)] - of_direction) <= kTolerance<T>);
  }
}

template <class T>
void check_sums(const Problem<T>& p) {
  std::vector<T> sum(p.query.size(), T{9}), products = p.d_scores;
  additive().get<T>().weighted_sum(p.shape(), p.d_scores.data(), p.keys.data(), sum.data());
  additive().get<T>().add_products(p.shape(), p.query.data(), p.keys.data(), products.data());
  for (int64_t n = 0; n < p.size; ++n) {
    Real want = 0;
    for (int64_t s = 0; s < p.positions; ++s)
      want += p.hides(s) ? 0 : Real(p.d_scores[p.at(0, s)]) * p.keys[p.at(s, n)];
    CHECK(std::abs(sum[p.at(0, n)] - want) <= kTolerance<T>);
  }
  for (int64_t s = 0; s < p.positions; ++s) {
    Real want = p.d_scores[p.at(0, s)];
    for (int64_t n = 0; n < p.size && !p.hides(s); ++n) want += Real(p.query[p.at(0, n)]) * p.keys[p.at(s, n)];
    CHECK(std::abs(products[p.at(0, s)] - want) <= kTolerance<T> * 4);
  }
}

}  // namespace

TEMPLATE_TEST_CASE("additive attention's kernels agree with long double", "", float, double) {
  on_every_target([] {
    for (const int64_t positions : {0, 1, 2, 7}) {
      for (const int64_t size : {0, 1, 3, 8, 13, 32, 33, 71}) {
        for (const bool masked : {false, true}) {
          INFO("S " << positions << ", N " << size << ", masked " << masked);
          const Problem<TestType> problem(positions, size, masked);
          check_scores(problem);
          check_scores_backward(problem);
          check_sums(problem);
        }
      }
    }
  });
}

}  // namespace heed::kernels::test

// Softmax and its family against long double, with masks and what hides behind them.
#include "kernels/softmax.h"

#include <algorithm>
#include <memory>

#include "tensor/kernels/naive.h"

namespace heed::kernels::test {
namespace {

using Real = long double;
const int64_t kLengths[] = {1, 2, 3, 5, 8, 9, 16, 17, 33, 70, 2100};

struct Mask {
  std::unique_ptr<bool[]> hidden;
  explicit Mask(int64_t n, bool value = false) : hidden(new bool[n + 1]) { std::fill_n(hidden.get(), n, value); }
  bool& operator[](int64_t i) { return hidden[i]; }
  const bool* data() const { return hidden.get(); }
};

// Softmax of the visible positions in long double.
template <class T>
std::vector<Real> naive_softmax(const std::vector<T>& x, Mask& mask) {
  Real max = -HUGE_VALL, sum = 0;
  std::vector<Real> y(x.size());
  for (size_t i = 0; i < x.size(); ++i) {
    if (!mask[i]) max = std::max<Real>(max, x[i]);
  }
  for (size_t i = 0; i < x.size(); ++i) sum += y[i] = mask[i] ? 0 : std::exp(x[i] - max);
  for (Real& value : y) value /= sum;
  return y;
}

template <class T>
void check_forward() {
  const SoftmaxKernels<T>& k = softmax<T>();
  const double tolerance = 20 * std::numeric_limits<T>::epsilon();
  for (const int64_t n : kLengths) {
    const std::vector<T> x = random_values<T>(n, 1, -15, 15);
    Mask mask(n);
    for (int64_t i = 1; i < n; ++i) mask[i] = i % 3 == 1;
    std::vector<T> hostile = x;
    for (int64_t i = 0; i < n; ++i) {
      if (mask[i]) hostile[i] = i % 2 == 0 ? std::numeric_limits<T>::quiet_NaN() : std::numeric_limits<T>::infinity();
    }
    Mask nothing(n);
    for (const bool masked : {false, true}) {
      const std::vector<Real> want = naive_softmax(x, masked ? mask : nothing);
      std::vector<T> y(n), log_y(n);
      const T* input = masked ? hostile.data() : x.data();
      k.softmax(input, masked ? mask.data() : nullptr, y.data(), n);
      k.log_softmax(input, masked ? mask.data() : nullptr, log_y.data(), n);
      const Real log_sum = x[0] - std::log(want[0]);
      INFO("n " << n << ", masked " << masked);
      CHECK(k.logsumexp(input, masked ? mask.data() : nullptr, n) == Approx(double(log_sum)).epsilon(tolerance));
      for (int64_t i = 0; i < n; ++i) {
        CHECK(std::abs(y[i] - want[i]) <= tolerance * want[i]);
        if (want[i] > 0) CHECK(std::abs(log_y[i] - std::log(want[i])) <= tolerance * 32);
        if (masked && mask[i]) CHECK(log_y[i] == -std::numeric_limits<T>::infinity());
      }
    }
  }
}

// A row padded with hidden positions has the bits of the row alone.
template <class T>
void check_padding() {
  const SoftmaxKernels<T>& k = softmax<T>();
  for (const int64_t n : kLengths) {
    std::vector<T> x = random_values<T>(n, 2, -5, 5), alone(n);
    k.softmax(x.data(), nullptr, alone.data(), n);
    const T log_sum = k.logsumexp(x.data(), nullptr, n);
    const int64_t padded = n + 300;
    x.resize(padded, std::numeric_limits<T>::quiet_NaN());
    Mask mask(padded, true);
    std::fill_n(&mask[0], n, false);
    std::vector<T> y(padded);
    k.softmax(x.data(), mask.data(), y.data(), padded);
    CHECK(same_bits(std::vector<T>(y.begin(), y.begin() + n), alone));
    CHECK(std::count(y.begin() + n, y.end(), T{0}) == 300);
    CHECK(same_bits(k.logsumexp(x.data(), mask.data(), padded), log_sum));
  }
}

template <class T>
void check_special_rows() {
  const SoftmaxKernels<T>& k = softmax<T>();
  const T infinity = std::numeric_limits<T>::infinity();
  for (const int64_t n : kLengths) {
    std::vector<T> x(n, std::numeric_limits<T>::quiet_NaN()), y(n, T{7});
    Mask all(n, true);
    k.softmax(x.data(), all.data(), y.data(), n);
    CHECK(std::count(y.begin(), y.end(), T{0}) == n);
    CHECK(k.logsumexp(x.data(), all.data(), n) == -infinity);
    k.log_softmax(x.data(), all.data(), y.data(), n);
    CHECK(std::count(y.begin(), y.end(), -infinity) == n);
  }
  // A NaN in sight is NaN, but hidden positions stay 0.
  const std::vector<T> x = {1, std::numeric_limits<T>::quiet_NaN(), 2};
  Mask last(3);
  last[2] = true;
  std::vector<T> y(3);
  k.softmax(x.data(), last.data(), y.data(), 3);
  CHECK(std::isnan(y[0]));
  CHECK(y[2] == 0);
  const std::vector<T> large = {1000, 999, -infinity};
  k.softmax(large.data(), nullptr, y.data(), 3);
  CHECK(y[0] == Approx(1 / (1 + std::exp(-1.0))));
  CHECK(y[2] == 0);
}

template <class T>
void check_backward() {
  const SoftmaxKernels<T>& k = softmax<T>();
  const double tolerance = 50 * std::numeric_limits<T>::epsilon();
  for (const int64_t n : kLengths) {
    const std::vector<T> x = random_values<T>(n, 3, -3, 3);
    std::vector<T> dy = random_values<T>(n, 4), y(n), log_y(n), dx(n), log_dx(n);
    Mask mask(n);
    for (int64_t i = 1; i < n; ++i) mask[i] = i % 4 == 2;
    k.softmax(x.data(), mask.data(), y.data(), n);
    k.log_softmax(x.data(), mask.data(), log_y.data(), n);
    Real dot = 0, sum = 0;
    for (int64_t i = 0; i < n; ++i) {
      if (mask[i]) dy[i] = std::numeric_limits<T>::quiet_NaN();
      if (!mask[i]) dot += static_cast<Real>(y[i]) * dy[i], sum += dy[i];
    }
    k.softmax_backward(y.data(), dy.data(), nullptr, dx.data(), n);
    k.log_softmax_backward(log_y.data(), dy.data(), mask.data(), log_dx.data(), n);
    for (int64_t i = 0; i < n; ++i) {
      INFO("n " << n << ", i " << i);
      CHECK(std::abs(dx[i] - (mask[i] ? 0 : y[i] * (dy[i] - dot))) <= tolerance);
      CHECK(std::abs(log_dx[i] - (mask[i] ? 0 : dy[i] - std::exp(static_cast<Real>(log_y[i])) * sum)) <=
            tolerance * (1 + std::abs(static_cast<double>(sum))));
    }
  }
}

template <class T>
void check_cross_entropy() {
  const SoftmaxKernels<T>& k = softmax<T>();
  const double tolerance = 50 * std::numeric_limits<T>::epsilon();
  for (const int64_t n : kLengths) {
    const std::vector<T> x = random_values<T>(n, 5, -4, 4);
    Mask nothing(n);
    const std::vector<Real> p = naive_softmax(x, nothing);
    for (const T smoothing : {T{0}, T{0.1}}) {
      const int64_t target = n / 2;
      Real want = 0;
      for (int64_t i = 0; i < n; ++i) {
        want -= ((i == target ? 1 - smoothing : 0) + smoothing / n) * std::log(p[i]);
      }
      std::vector<T> probabilities(n), dx(n);
      INFO("n " << n << ", smoothing " << smoothing);
      CHECK(k.cross_entropy(x.data(), n, target, smoothing, nullptr) == Approx(double(want)).margin(tolerance));
      CHECK(k.cross_entropy(x.data(), n, target, smoothing, probabilities.data()) ==
            Approx(double(want)).margin(tolerance));
      k.cross_entropy_backward(probabilities.data(), n, target, smoothing, T{3}, dx.data());
      for (int64_t i = 0; i < n; ++i) {
        const Real gradient = 3 * (p[i] - (i == target ? 1 - smoothing : 0) - smoothing / n);
        CHECK(std::abs(dx[i] - gradient) <= tolerance);
      }
    }
  }
}

}  // namespace

TEMPLATE_TEST_CASE("softmax, log-softmax and logsumexp agree with long double, masked or not", "", float, double) {
  on_every_target(check_forward<TestType>);
}

TEMPLATE_TEST_CASE("hidden padding leaves the bits of a softmax alone", "", float, double) {
  on_every_target(check_padding<TestType>);
}

TEMPLATE_TEST_CASE("softmax of hidden, infinite and NaN rows", "", float, double) {
  on_every_target(check_special_rows<TestType>);
}

TEMPLATE_TEST_CASE("softmax gradients agree with their formulas and ignore hidden NaN", "", float, double) {
  on_every_target(check_backward<TestType>);
}

TEMPLATE_TEST_CASE("cross-entropy and its gradient agree with long double, smoothed or not", "", float, double) {
  on_every_target(check_cross_entropy<TestType>);
}

}  // namespace heed::kernels::test

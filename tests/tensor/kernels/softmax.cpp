// Softmax and its family against long double, with masks and what hides behind them.
#include "kernels/softmax.h"

#include <algorithm>
#include <memory>

#include "support/lines.h"
#include "tensor/kernels/naive.h"

namespace heed::kernels::test {
namespace {

using namespace heed::test;

const int64_t kLengths[] = {1, 2, 3, 5, 8, 9, 16, 17, 33, 70, 2100};

struct Mask {
  std::unique_ptr<bool[]> hidden;
  explicit Mask(int64_t n, bool value = false) : hidden(new bool[n + 1]) { std::fill_n(hidden.get(), n, value); }
  bool& operator[](int64_t i) { return hidden[i]; }
  const bool* data() const { return hidden.get(); }
  Line line(int64_t n) const { return Line(hidden.get(), hidden.get() + n); }
};

template <class T>
void check_forward() {
  const SoftmaxKernels<T>& k = softmax().get<T>();
  const double tolerance = 20 * std::numeric_limits<T>::epsilon();
  for (const int64_t n : kLengths) {
    const std::vector<T> x = random_values<T>(n, 1, -15, 15);
    Mask mask(n);
    for (int64_t i = 1; i < n; ++i) mask[i] = i % 3 == 1;
    std::vector<T> hostile = x;
    for (int64_t i = 0; i < n; ++i) {
      if (mask[i]) hostile[i] = i % 2 == 0 ? std::numeric_limits<T>::quiet_NaN() : std::numeric_limits<T>::infinity();
    }
    for (const bool masked : {false, true}) {
      const Line want = softmax_of(line_of(x), masked ? mask.line(n) : Line());
      std::vector<T> y(n), log_y(n);
      const T* input = masked ? hostile.data() : x.data();
      k.softmax(input, masked ? mask.data() : nullptr, y.data(), n);
      INFO("n " << n << ", masked " << masked);
      for (int64_t i = 0; i < n; ++i) CHECK(std::abs(y[i] - want[i]) <= tolerance * want[i]);
      if (masked) continue;
      k.log_softmax(input, log_y.data(), n);
      const Real log_sum = x[0] - std::log(want[0]);
      CHECK(k.logsumexp(input, n) == Approx(double(log_sum)).epsilon(tolerance));
      for (int64_t i = 0; i < n; ++i) CHECK(std::abs(log_y[i] - std::log(want[i])) <= tolerance * 32);
    }
  }
}

// A row padded with hidden positions has the bits of the row alone.
template <class T>
void check_padding() {
  const SoftmaxKernels<T>& k = softmax().get<T>();
  for (const int64_t n : kLengths) {
    std::vector<T> x = random_values<T>(n, 2, -5, 5), alone(n);
    k.softmax(x.data(), nullptr, alone.data(), n);
    const int64_t padded = n + 300;
    x.resize(padded, std::numeric_limits<T>::quiet_NaN());
    Mask mask(padded, true);
    std::fill_n(&mask[0], n, false);
    std::vector<T> y(padded);
    k.softmax(x.data(), mask.data(), y.data(), padded);
    CHECK(same_bits(std::vector<T>(y.begin(), y.begin() + n), alone));
    CHECK(std::count(y.begin() + n, y.end(), T{0}) == 300);
  }
}

template <class T>
void check_special_rows() {
  const SoftmaxKernels<T>& k = softmax().get<T>();
  const T infinity = std::numeric_limits<T>::infinity();
  for (const int64_t n : kLengths) {
    std::vector<T> x(n, std::numeric_limits<T>::quiet_NaN()), y(n, T{7});
    Mask all(n, true);
    k.softmax(x.data(), all.data(), y.data(), n);
    CHECK(std::count(y.begin(), y.end(), T{0}) == n);
  }
  CHECK(k.logsumexp(nullptr, 0) == -infinity);
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
  const SoftmaxKernels<T>& k = softmax().get<T>();
  const double tolerance = 50 * std::numeric_limits<T>::epsilon();
  for (const int64_t n : kLengths) {
    const std::vector<T> x = random_values<T>(n, 3, -3, 3);
    std::vector<T> dy = random_values<T>(n, 4), y(n), log_y(n), dx(n), log_dx(n);
    Mask mask(n);
    for (int64_t i = 1; i < n; ++i) mask[i] = i % 4 == 2;
    k.softmax(x.data(), mask.data(), y.data(), n);
    k.log_softmax(x.data(), log_y.data(), n);
    Line shown = line_of(dy);
    const Line log_want = log_softmax_gradient(line_of(log_y), shown);
    const auto sum = static_cast<double>(sum_of(shown));
    k.log_softmax_backward(log_y.data(), dy.data(), log_dx.data(), n);
    for (int64_t i = 0; i < n; ++i) {
      if (mask[i]) dy[i] = std::numeric_limits<T>::quiet_NaN(), shown[i] = 0;
    }
    const Line want = softmax_gradient(line_of(y), shown);
    k.softmax_backward(y.data(), dy.data(), dx.data(), n);
    for (int64_t i = 0; i < n; ++i) {
      INFO("n " << n << ", i " << i);
      CHECK(std::abs(dx[i] - want[i]) <= tolerance);
      CHECK(std::abs(log_dx[i] - log_want[i]) <= tolerance * (1 + std::abs(sum)));
    }
  }
}

// Gradients near the largest number, whose sums and differences are beyond it.
template <class T>
void check_large_gradients() {
  const SoftmaxKernels<T>& k = softmax().get<T>();
  const T large = std::numeric_limits<T>::max() / 2 * T{1.8};
  const std::vector<T> y = {T{0.125}, T{0.875}}, dy = {large, -large}, equal = {large, large};
  const std::vector<T> log_y = {std::log(T{0.125}), std::log(T{0.875})};
  std::vector<T> dx(2);
  k.softmax_backward(y.data(), dy.data(), dx.data(), 2);  // dy - Σ y dy is 1.75 times `large`
  CHECK(dx[0] == Approx(large * T{0.125} * T{0.875} * 2));
  CHECK(dx[1] == Approx(-large * T{0.125} * T{0.875} * 2));
  k.log_softmax_backward(log_y.data(), equal.data(), dx.data(), 2);  // Σ dy is twice `large`
  CHECK(dx[0] == Approx(large * T{0.75}));
  CHECK(dx[1] == Approx(-large * T{0.75}));
}

template <class T>
void check_cross_entropy() {
  const SoftmaxKernels<T>& k = softmax().get<T>();
  const double tolerance = 50 * std::numeric_limits<T>::epsilon();
  for (const int64_t n : kLengths) {
    const std::vector<T> x = random_values<T>(n, 5, -4, 4);
    for (const T smoothing : {T{0}, T{0.1}}) {
      const int64_t target = n / 2;
      const auto want = static_cast<double>(cross_entropy_of(line_of(x), target, smoothing));
      const Line gradient = cross_entropy_gradient(line_of(x), target, smoothing);
      std::vector<T> probabilities(n), dx(n);
      INFO("n " << n << ", smoothing " << smoothing);
      CHECK(k.cross_entropy(x.data(), n, target, smoothing) == Approx(want).margin(tolerance));
      k.softmax(x.data(), nullptr, probabilities.data(), n);
      k.cross_entropy_backward(probabilities.data(), n, target, smoothing, T{3}, dx.data());
      for (int64_t i = 0; i < n; ++i) CHECK(std::abs(dx[i] - 3 * gradient[i]) <= tolerance);
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

TEMPLATE_TEST_CASE("softmax gradients that fit come from gradients whose sums do not", "", float, double) {
  on_every_target(check_large_gradients<TestType>);
}

TEMPLATE_TEST_CASE("cross-entropy and its gradient agree with long double, smoothed or not", "", float, double) {
  on_every_target(check_cross_entropy<TestType>);
}

}  // namespace heed::kernels::test

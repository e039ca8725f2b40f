// Layer norm rows against long double.
#include "kernels/norm.h"

#include "tensor/kernels/naive.h"

namespace heed::kernels::test {
namespace {

using Real = long double;

template <class T>
struct NormCase {
  int64_t n;
  std::vector<T> x, gamma, beta, dy;
  Real mean = 0, rstd = 0;

  explicit NormCase(int64_t size)
      : n(size),
        x(random_values<T>(size, 1, -3, 5)),
        gamma(random_values<T>(size, 2)),
        beta(random_values<T>(size, 3)),
        dy(random_values<T>(size, 4)) {
    Real variance = 0;
    for (const T value : x) mean += value / Real(n);
    for (const T value : x) variance += (value - mean) * (value - mean) / n;
    rstd = 1 / std::sqrt(variance + Real(1e-5));
  }
  Real normalised(int64_t i) const { return (x[i] - mean) * rstd; }
};

template <class T>
void check_norm(bool affine) {
  const NormKernels<T>& k = norm<T>();
  for (const int64_t n : {1, 2, 3, 5, 8, 9, 16, 17, 33, 100, 2100}) {
    const NormCase<T> c(n);
    const double tolerance = 200 * std::numeric_limits<T>::epsilon();
    const T* gamma = affine ? c.gamma.data() : nullptr;
    std::vector<T> y(n), dx(n);
    T mean = 0, rstd = 0;
    k.layer_norm(c.x.data(), gamma, affine ? c.beta.data() : nullptr, T(1e-5), y.data(), &mean, &rstd, n);
    INFO("n " << n << ", affine " << affine);
    CHECK(mean == Approx(double(c.mean)).margin(tolerance));
    if (n > 1) CHECK(rstd == Approx(double(c.rstd)).epsilon(tolerance));
    Real mean_u = 0, mean_uv = 0;
    const auto u = [&](int64_t i) { return Real(c.dy[i]) * (affine ? c.gamma[i] : 1); };
    for (int64_t i = 0; i < n; ++i) mean_u += u(i) / n, mean_uv += u(i) * c.normalised(i) / n;
    k.layer_norm_backward(c.x.data(), gamma, c.dy.data(), mean, rstd, dx.data(), n);
    for (int64_t i = 0; i < n && n > 1; ++i) {
      const Real want = affine ? c.normalised(i) * c.gamma[i] + c.beta[i] : c.normalised(i);
      CHECK(y[i] == Approx(double(want)).margin(tolerance));
      const Real gradient = c.rstd * (u(i) - mean_u - c.normalised(i) * mean_uv);
      CHECK(dx[i] == Approx(double(gradient)).margin(tolerance));
    }
  }
}

template <class T>
void check_parameter_gradients() {
  const int64_t rows = 5, columns = 37, stride = 40;
  const std::vector<T> x = random_values<T>(rows * stride, 5), dy = random_values<T>(rows * stride, 6);
  const std::vector<T> mean = random_values<T>(rows, 7), rstd = random_values<T>(rows, 8, 0.5, 2);
  std::vector<T> dgamma(columns + 1, T{1}), dbeta(columns + 1, T{2});
  const auto kernel = norm<T>().layer_norm_backward_parameters;
  // Two ranges of columns, as two threads would take them, and each gradient alone.
  kernel(x.data(), dy.data(), stride, mean.data(), rstd.data(), rows, 10, dgamma.data(), nullptr);
  kernel(x.data() + 10, dy.data() + 10, stride, mean.data(), rstd.data(), rows, columns - 10, dgamma.data() + 10,
         nullptr);
  kernel(x.data(), dy.data(), stride, mean.data(), rstd.data(), rows, columns, nullptr, dbeta.data());
  for (int64_t j = 0; j < columns; ++j) {
    Real want_gamma = 1, want_beta = 2;
    for (int64_t i = 0; i < rows; ++i) {
      want_gamma += Real(dy[i * stride + j]) * (x[i * stride + j] - mean[i]) * rstd[i];
      want_beta += dy[i * stride + j];
    }
    CHECK(dgamma[j] == Approx(double(want_gamma)).margin(1e-5));
    CHECK(dbeta[j] == Approx(double(want_beta)).margin(1e-5));
  }
  CHECK(dgamma[columns] == 1);
  CHECK(dbeta[columns] == 2);
}

}  // namespace

TEMPLATE_TEST_CASE("layer norm and its gradient agree with long double", "", float, double) {
  on_every_target([] {
    check_norm<TestType>(true);
    check_norm<TestType>(false);
  });
}

TEMPLATE_TEST_CASE("layer norm's parameter gradients add up over rows", "", float, double) {
  on_every_target(check_parameter_gradients<TestType>);
}

TEMPLATE_TEST_CASE("layer norm of a large mean keeps its variance", "", float, double) {
  on_every_target([] {
    const int64_t n = 64;
    std::vector<TestType> x(n), y(n);
    for (int64_t i = 0; i < n; ++i) x[i] = TestType(10000 + (i % 2));
    TestType mean, rstd;
    norm<TestType>().layer_norm(x.data(), nullptr, nullptr, TestType(0), y.data(), &mean, &rstd, n);
    CHECK(mean == Approx(10000.5));
    CHECK(rstd == Approx(2.0));
  });
}

namespace {

// Rows of random values times `size`, whose squares, sum or differences may leave the range of T.
template <class T>
void check_extreme_rows(T size, T epsilon) {
  const int64_t n = 100;
  const std::vector<T> gamma = random_values<T>(n, 2), dy = random_values<T>(n, 4);
  std::vector<T> x = random_values<T>(n, 1), y(n), dx(n), dgamma(n), dbeta(n);
  for (T& value : x) value *= size;
  Real want_mean = 0, variance = 0, mean_u = 0, mean_uv = 0;
  for (const T value : x) want_mean += value / Real(n);
  for (const T value : x) variance += (value - want_mean) * (value - want_mean) / n;
  const Real want_rstd = 1 / std::sqrt(variance + epsilon);
  const auto v = [&](int64_t i) { return (x[i] - want_mean) * want_rstd; };
  const auto u = [&](int64_t i) { return Real(dy[i]) * gamma[i]; };
  for (int64_t i = 0; i < n; ++i) mean_u += u(i) / n, mean_uv += u(i) * v(i) / n;
  const NormKernels<T>& k = norm<T>();
  T mean, rstd;
  INFO("size " << size << ", epsilon " << epsilon);
  k.layer_norm(x.data(), gamma.data(), nullptr, epsilon, y.data(), &mean, &rstd, n);
  k.layer_norm_backward(x.data(), gamma.data(), dy.data(), mean, rstd, dx.data(), n);
  k.layer_norm_backward_parameters(x.data(), dy.data(), n, &mean, &rstd, 1, n, dgamma.data(), dbeta.data());
  const double tolerance = 200 * std::numeric_limits<T>::epsilon();
  CHECK(std::abs(double(mean / want_mean - 1)) <= tolerance);
  CHECK(std::abs(double(rstd / want_rstd - 1)) <= tolerance);
  for (int64_t i = 0; i < n; ++i) {
    CHECK(std::abs(double(y[i] - v(i) * gamma[i])) <= tolerance);
    CHECK(std::abs(double(dx[i] / want_rstd - (u(i) - mean_u - v(i) * mean_uv))) <= tolerance);
    CHECK(std::abs(double(dgamma[i] - dy[i] * v(i))) <= tolerance);
  }
}

}  // namespace

TEMPLATE_TEST_CASE("layer norm of any finite row is right, whose squares overflow or vanish", "", float, double) {
  using Limits = std::numeric_limits<TestType>;
  on_every_target([] {
    const TestType root = std::sqrt(Limits::max()), small_root = std::sqrt(Limits::min());
    for (const TestType size : {Limits::max(), Limits::max() / 8, root * 1000, root, root / 1000}) {
      check_extreme_rows<TestType>(size, TestType(1e-5));
      check_extreme_rows<TestType>(size, 0);
    }
    for (const TestType size : {small_root * 1000, small_root, small_root / 1000, Limits::min() * 1024}) {
      check_extreme_rows<TestType>(size, TestType(1e-5));
      check_extreme_rows<TestType>(size, size * size);  // 0 in the end
      check_extreme_rows<TestType>(size, 0);
    }
  });
}

}  // namespace heed::kernels::test

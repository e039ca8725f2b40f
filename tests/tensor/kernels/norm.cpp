// Rows of layer norm and of the norm by the root of the mean square against long double.
#include "kernels/norm.h"

#include "support/lines.h"
#include "tensor/kernels/naive.h"

namespace heed::kernels::test {
namespace {

using namespace heed::test;

template <class T>
void check_norm(bool affine) {
  const NormKernels<T>& k = norm().get<T>();
  for (const int64_t n : {1, 2, 3, 5, 8, 9, 16, 17, 33, 100, 2100}) {
    const std::vector<T> x = random_values<T>(n, 1, -3, 5), gamma = random_values<T>(n, 2),
                         beta = random_values<T>(n, 3), dy = random_values<T>(n, 4);
    const NormOfLine want(line_of(x), 1e-5L);
    const Line scale = affine ? line_of(gamma) : Line();
    const Line want_y = want.scaled(scale, affine ? line_of(beta) : Line()),
               want_dx = want.gradient(line_of(dy), scale);
    const double tolerance = 200 * std::numeric_limits<T>::epsilon();
    std::vector<T> y(n), dx(n);
    T mean = 0, rstd = 0;
    k.layer_norm(x.data(), affine ? gamma.data() : nullptr, affine ? beta.data() : nullptr, T(1e-5), y.data(), &mean,
                 &rstd, n);
    INFO("n " << n << ", affine " << affine);
    CHECK(mean == Approx(double(want.mean)).margin(tolerance));
    if (n > 1) CHECK(rstd == Approx(double(want.inverse_deviation)).epsilon(tolerance));
    k.layer_norm_backward(x.data(), affine ? gamma.data() : nullptr, dy.data(), mean, rstd, dx.data(), n);
    for (int64_t i = 0; i < n && n > 1; ++i) {
      CHECK(y[i] == Approx(double(want_y[i])).margin(tolerance));
      CHECK(dx[i] == Approx(double(want_dx[i])).margin(tolerance));
    }
  }
}

template <class T>
void check_parameter_gradients() {
  const int64_t rows = 5, columns = 37, stride = 40;
  const std::vector<T> x = random_values<T>(rows * stride, 5), dy = random_values<T>(rows * stride, 6);
  const std::vector<T> mean = random_values<T>(rows, 7), rstd = random_values<T>(rows, 8, 0.5, 2);
  std::vector<T> dgamma(columns + 1, T{1}), dbeta(columns + 1, T{2});
  const auto kernel = norm().get<T>().layer_norm_backward_parameters;
  // Two ranges of columns, as two threads would take them.
  kernel(x.data(), dy.data(), stride, mean.data(), rstd.data(), rows, 10, dgamma.data(), dbeta.data());
  kernel(x.data() + 10, dy.data() + 10, stride, mean.data(), rstd.data(), rows, columns - 10, dgamma.data() + 10,
         dbeta.data() + 10);
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

namespace {

/// r, y, dx and dgamma of one row of rms_norm against long double.
template <class T>
void check_rms_norm(const std::vector<T>& x, bool affine, T epsilon) {
  const auto n = static_cast<int64_t>(x.size());
  const NormKernels<T>& k = norm().get<T>();
  const std::vector<T> gamma = random_values<T>(n, 2), dy = random_values<T>(n, 4);
  const NormOfLine want(line_of(x), epsilon, false);
  const Line scale = affine ? line_of(gamma) : Line();
  const Line want_y = want.scaled(scale, {}), want_dx = want.gradient(line_of(dy), scale);
  std::vector<T> y(n), dx(n), dgamma(n + 1, T{1});
  T r = 0;
  k.rms_norm(x.data(), affine ? gamma.data() : nullptr, epsilon, y.data(), &r, n);
  k.rms_norm_backward(x.data(), affine ? gamma.data() : nullptr, dy.data(), r, dx.data(), n);
  k.rms_norm_backward_weight(x.data(), dy.data(), n, &r, 1, n, dgamma.data());
  INFO("n " << n << ", affine " << affine << ", epsilon " << epsilon << ", x[0] " << x[0]);
  const double tolerance = 200 * std::numeric_limits<T>::epsilon();
  CHECK(std::abs(double(r / want.inverse_deviation - 1)) <= tolerance);
  for (int64_t i = 0; i < n; ++i) {
    CHECK(std::abs(double(y[i] - want_y[i])) <= tolerance);
    CHECK(std::abs(double((dx[i] - want_dx[i]) / want.inverse_deviation)) <= tolerance);
    CHECK(std::abs(double(dgamma[i] - 1 - dy[i] * want.normalised[i])) <= tolerance);
  }
  CHECK(dgamma[n] == 1);
}

}  // namespace

TEMPLATE_TEST_CASE("rms norm and its gradients agree with long double", "", float, double) {
  on_every_target([] {
    for (const int64_t n : {1, 2, 3, 5, 8, 9, 16, 17, 33, 100, 2100}) {
      for (const bool affine : {true, false}) {
        check_rms_norm<TestType>(random_values<TestType>(n, 1, -3, 5), affine, TestType(1e-5));
      }
    }
  });
}

TEMPLATE_TEST_CASE("rms norm of any finite row is right, whose squares overflow or vanish", "", float, double) {
  using Limits = std::numeric_limits<TestType>;
  on_every_target([] {
    const TestType root = std::sqrt(Limits::max()), small_root = std::sqrt(Limits::min());
    for (const TestType size : {Limits::max(), root * 1000, root, root / 1000, small_root * 1000, small_root,
                                small_root / 1000, Limits::min() * 1024}) {
      std::vector<TestType> x = random_values<TestType>(100, 1);
      for (TestType& value : x) value *= size;
      check_rms_norm<TestType>(x, true, TestType(1e-5));
      check_rms_norm<TestType>(x, true, 0);
    }
  });
}

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
    norm().get<TestType>().layer_norm(x.data(), nullptr, nullptr, TestType(0), y.data(), &mean, &rstd, n);
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
  const NormOfLine want(line_of(x), epsilon);
  const Line want_y = want.scaled(line_of(gamma), {}), want_dx = want.gradient(line_of(dy), line_of(gamma));
  const NormKernels<T>& k = norm().get<T>();
  T mean, rstd;
  INFO("size " << size << ", epsilon " << epsilon);
  k.layer_norm(x.data(), gamma.data(), nullptr, epsilon, y.data(), &mean, &rstd, n);
  k.layer_norm_backward(x.data(), gamma.data(), dy.data(), mean, rstd, dx.data(), n);
  k.layer_norm_backward_parameters(x.data(), dy.data(), n, &mean, &rstd, 1, n, dgamma.data(), dbeta.data());
  const double tolerance = 200 * std::numeric_limits<T>::epsilon();
  CHECK(std::abs(double(mean / want.mean - 1)) <= tolerance);
  CHECK(std::abs(double(rstd / want.inverse_deviation - 1)) <= tolerance);
  for (int64_t i = 0; i < n; ++i) {
    CHECK(std::abs(double(y[i] - want_y[i])) <= tolerance);
    CHECK(std::abs(double((dx[i] - want_dx[i]) / want.inverse_deviation)) <= tolerance);
    CHECK(std::abs(double(dgamma[i] - dy[i] * want.normalised[i])) <= tolerance);
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

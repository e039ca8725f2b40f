// Element-wise kernels against the C library in long double, on every target: accuracy, special values, tails and
// strides.
#include "kernels/elementwise.h"

#include <algorithm>
#include <functional>

#include "tensor/kernels/naive.h"

namespace heed::kernels::test {
namespace {

using Real = long double;
using Exact = Real (*)(Real);

struct UnaryCase {
  const char* name;
  Unary ElementwiseKernels::*kernel;
  Exact exact;
  double low, high;  // where random arguments are drawn
  double f32_ulps, f64_ulps;
};

Real exact_sigmoid(Real x) { return x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x)); }
Real exact_gelu_tanh(Real x) {
  return x * exact_sigmoid(2 * std::sqrt(2 / std::acos(Real{-1})) * (x + 0.044715L * x * x * x));
}

const UnaryCase kUnaryCases[] = {
    {"neg", &ElementwiseKernels::neg, [](Real x) { return -x; }, -10, 10, 0, 0},
    {"abs", &ElementwiseKernels::abs, [](Real x) { return std::abs(x); }, -10, 10, 0, 0},
    {"sqrt", &ElementwiseKernels::sqrt, [](Real x) { return std::sqrt(x); }, 0, 100, 0.51, 0.51},
    {"square", &ElementwiseKernels::square, [](Real x) { return x * x; }, -10, 10, 0.51, 0.51},
    {"reciprocal", &ElementwiseKernels::reciprocal, [](Real x) { return 1 / x; }, -10, 10, 0.51, 0.51},
    {"exp", &ElementwiseKernels::exp, [](Real x) { return std::exp(x); }, -110, 95, 1.5, 1.5},
    {"exp usual", &ElementwiseKernels::exp, [](Real x) { return std::exp(x); }, -80, 80, 1.5, 1.5},
    {"exp far", &ElementwiseKernels::exp, [](Real x) { return std::exp(x); }, -760, 720, 1.5, 1.5},
    {"log", &ElementwiseKernels::log, [](Real x) { return std::log(x); }, 0, 4, 1.5, 1.5},
    {"log far", &ElementwiseKernels::log, [](Real x) { return std::log(x); }, 0, 1e30, 1.5, 1.5},
    {"tanh", &ElementwiseKernels::tanh, [](Real x) { return std::tanh(x); }, -12, 12, 3, 3},
    {"tanh near 1", &ElementwiseKernels::tanh, [](Real x) { return std::tanh(x); }, 2, 12, 1.6, 1.6},
    {"tanh near 0", &ElementwiseKernels::tanh, [](Real x) { return std::tanh(x); }, -1e-2, 1e-2, 3, 3},
    {"sigmoid usual", &ElementwiseKernels::sigmoid, exact_sigmoid, -80, 80, 3, 3},
    {"sigmoid near 0", &ElementwiseKernels::sigmoid, exact_sigmoid, -3, 3, 3, 3},
    {"sigmoid", &ElementwiseKernels::sigmoid, exact_sigmoid, -120, 120, 3, 3},
    {"erf", &ElementwiseKernels::erf, [](Real x) { return std::erf(x); }, -7, 7, 3, 3},
    {"erf near 0", &ElementwiseKernels::erf, [](Real x) { return std::erf(x); }, -1.2, 1.2, 3, 3},
    {"sin", &ElementwiseKernels::sin, [](Real x) { return std::sin(x); }, -10, 10, 2, 2},
    {"sin far", &ElementwiseKernels::sin, [](Real x) { return std::sin(x); }, -8192, 8192, 2.5, 2.5},
    {"sin huge", &ElementwiseKernels::sin, [](Real x) { return std::sin(x); }, -3e6, 3e6, 2, 2},
    {"cos", &ElementwiseKernels::cos, [](Real x) { return std::cos(x); }, -10, 10, 2, 2},
    {"cos far", &ElementwiseKernels::cos, [](Real x) { return std::cos(x); }, -8192, 8192, 2.5, 2.5},
    {"relu", &ElementwiseKernels::relu, [](Real x) { return x > 0 ? x : 0; }, -10, 10, 0, 0},
    {"silu", &ElementwiseKernels::silu, [](Real x) { return x * exact_sigmoid(x); }, -80, 80, 4, 4},
    {"softplus", &ElementwiseKernels::softplus, [](Real x) { return x > 20 ? x : std::log1p(std::exp(x)); }, -120, 40,
     3, 3},
};

template <class T>
void check_accuracy(const UnaryCase& test) {
  const double allowed = std::is_same_v<T, float> ? test.f32_ulps : test.f64_ulps;
  std::vector<T> x = random_values<T>(20000, 7, test.low, test.high);
  for (int exponent = -160; exponent <= 0; ++exponent) {  // every magnitude down to denormal ones
    const T tiny = std::ldexp(static_cast<T>(1.37), exponent);
    for (const T value : {tiny, -tiny}) {
      if (value >= test.low && value <= test.high) x.push_back(value);
    }
  }
  std::vector<T> y(x.size());
  (elementwise().*test.kernel).template get<T>()(x.data(), 1, y.data(), static_cast<int64_t>(x.size()));
  double worst = 0;
  T where = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    const double distance = ulps(y[i], test.exact(x[i]));
    if (distance > worst) worst = distance, where = x[i];
  }
  INFO(test.name << " of " << where << " in " << sizeof(T) * 8 << " bits");
  CHECK(worst <= allowed);
}

// Every length up to two vectors and more, every stride: each result has the bits it has alone.
template <class T>
void check_layouts(const char* name, UnaryKernel<T> kernel, double low, double high) {
  INFO(name);
  const std::vector<T> x = random_values<T>(3 * 300, 3, low, high);
  std::vector<T> alone(x.size());
  for (size_t i = 0; i < x.size(); ++i) kernel(&x[i], 1, &alone[i], 1);
  for (const int64_t stride : {0, 1, 2, 3}) {
    for (const int64_t n : {0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 257, 300}) {
      std::vector<T> y(static_cast<size_t>(n) + 1, T{42});
      kernel(x.data(), stride, y.data(), n);
      bool same = true;
      for (int64_t i = 0; i < n; ++i) same = same && same_bits(y[i], alone[i * stride]);
      INFO("stride " << stride << ", n " << n);
      CHECK(same);
      CHECK(y.back() == T{42});
    }
  }
}

template <class T>
T apply(UnaryKernel<T> kernel, T x) {
  kernel(&x, 1, &x, 1);
  return x;
}

template <class T>
void check_special_values() {
  const ElementwiseKernels& k = elementwise();
  constexpr T kInfinity = std::numeric_limits<T>::infinity();
  constexpr T kNaN = std::numeric_limits<T>::quiet_NaN();
  for (const UnaryCase& test : kUnaryCases) {
    INFO(test.name);
    CHECK(std::isnan(apply((k.*test.kernel).template get<T>(), kNaN)));
  }
  for (Unary ElementwiseKernels::*odd :
       {&ElementwiseKernels::tanh, &ElementwiseKernels::erf, &ElementwiseKernels::sin}) {
    CHECK(same_bits(apply((k.*odd).template get<T>(), T{0}), T{0}));
    CHECK(same_bits(apply((k.*odd).template get<T>(), -T{0}), -T{0}));
  }
  CHECK(apply(k.exp.get<T>(), kInfinity) == kInfinity);
  CHECK(apply(k.exp.get<T>(), -kInfinity) == 0);
  CHECK(apply(k.exp.get<T>(), T{0}) == 1);
  CHECK(apply(k.log.get<T>(), kInfinity) == kInfinity);
  CHECK(apply(k.log.get<T>(), T{0}) == -kInfinity);
  CHECK(apply(k.log.get<T>(), -T{0}) == -kInfinity);
  CHECK(same_bits(apply(k.log.get<T>(), T{1}), T{0}));
  CHECK(std::isnan(apply(k.log.get<T>(), T{-1})));
  CHECK(std::isnan(apply(k.log.get<T>(), -kInfinity)));
  CHECK(apply(k.tanh.get<T>(), kInfinity) == 1);
  CHECK(apply(k.tanh.get<T>(), -kInfinity) == -1);
  CHECK(apply(k.erf.get<T>(), -kInfinity) == -1);
  CHECK(apply(k.sigmoid.get<T>(), kInfinity) == 1);
  CHECK(apply(k.sigmoid.get<T>(), -kInfinity) == 0);
  CHECK(apply(k.softplus.get<T>(), kInfinity) == kInfinity);
  CHECK(apply(k.softplus.get<T>(), -kInfinity) == 0);
  CHECK(std::isnan(apply(k.sin.get<T>(), kInfinity)));
  CHECK(std::isnan(apply(k.cos.get<T>(), -kInfinity)));
  for (const Unary& each : {k.gelu, k.gelu_tanh, k.silu}) {
    CHECK((apply(each.get<T>(), kInfinity) == kInfinity && apply(each.get<T>(), -kInfinity) == 0));
  }
}

template <class T>
void check_gelu() {
  // 1 + erf cancels for negative x: the error is in units of |x|, not of the result.
  for (const T x : random_values<T>(5000, 11, -8, 8)) {
    const Real tolerance = 4 * std::numeric_limits<T>::epsilon() * std::abs(x);
    const Real gelu = 0.5L * x * std::erfc(-static_cast<Real>(x) / std::sqrt(2.0L));
    REQUIRE(std::abs(apply(elementwise().gelu.get<T>(), x) - gelu) <= tolerance);
    REQUIRE(std::abs(apply(elementwise().gelu_tanh.get<T>(), x) - exact_gelu_tanh(x)) <= tolerance);
  }
}

template <class T>
struct BinaryCase {
  const char* name;
  Binary ElementwiseKernels::*kernel;
  T (*plain)(T, T);
};

// Operations that round once or not at all must have the bits of the plain expression.
template <class T>
void check_binary() {
  const BinaryCase<T> cases[] = {
      {"add", &ElementwiseKernels::add, [](T x, T y) { return x + y; }},
      {"sub", &ElementwiseKernels::sub, [](T x, T y) { return x - y; }},
      {"mul", &ElementwiseKernels::mul, [](T x, T y) { return x * y; }},
      {"div", &ElementwiseKernels::div, [](T x, T y) { return x / y; }},
      {"maximum", &ElementwiseKernels::maximum, [](T x, T y) { return x > y ? x : y; }},
      {"minimum", &ElementwiseKernels::minimum, [](T x, T y) { return x < y ? x : y; }},
      {"sigmoid_backward", &ElementwiseKernels::sigmoid_backward, [](T x, T y) { return y * x * (1 - x); }},
      {"relu_backward", &ElementwiseKernels::relu_backward, [](T x, T y) { return x <= 0 ? 0 : y; }},
      {"pow", &ElementwiseKernels::pow, [](T x, T y) { return std::pow(x, y); }},
  };
  const std::vector<T> x = random_values<T>(900, 5);
  const std::vector<T> y = random_values<T>(900, 6);
  for (const BinaryCase<T>& test : cases) {
    for (const auto& [xs, ys] : {std::pair{1, 1}, {1, 0}, {0, 1}, {0, 0}, {3, 1}, {2, 3}}) {
      for (const int64_t n : {0, 1, 3, 4, 5, 8, 9, 17, 31, 300}) {
        std::vector<T> got(static_cast<size_t>(n) + 1, T{42}), want(got);
        (elementwise().*test.kernel).template get<T>()(x.data(), xs, y.data(), ys, got.data(), n);
        for (int64_t i = 0; i < n; ++i) want[i] = test.plain(x[i * xs], y[i * ys]);
        INFO(test.name << ", strides " << xs << " and " << ys << ", n " << n);
        CHECK(same_bits(got, want));
      }
    }
  }
}

template <class T>
T apply(BinaryKernel<T> kernel, T x, T y) {
  kernel(&x, 1, &y, 1, &x, 1);
  return x;
}

template <class T>
void check_binary_special_values() {
  const ElementwiseKernels& k = elementwise();
  const T nan = std::numeric_limits<T>::quiet_NaN();
  for (const auto& kernel : {k.maximum.get<T>(), k.minimum.get<T>()}) {
    CHECK(std::isnan(apply(kernel, nan, T{1})));
    CHECK(std::isnan(apply(kernel, T{1}, nan)));
  }
  CHECK(apply(k.tanh_backward.get<T>(), T{0.5}, T{2}) == T{1.5});
  CHECK(apply(k.pow.get<T>(), T{3}, T{2}) == T{9});
  CHECK(apply(k.pow.get<T>(), T{2}, T{0.5}) == std::sqrt(T{2}));
}

template <class T>
void check_accumulation() {
  for (int64_t n = 0; n < 40; ++n) {
    const std::vector<T> x = random_values<T>(n, 1);
    std::vector<T> y = random_values<T>(n + 1, 2), scaled(y);
    const std::vector<T> start = y;
    elementwise().axpy.get<T>()(T{0.3}, x.data(), y.data(), n);
    elementwise().scale.get<T>()(T{0.3}, start.data(), scaled.data(), n);
    for (int64_t i = 0; i < n; ++i) {
      CHECK(y[i] == Approx(start[i] + 0.3 * x[i]).margin(1e-6));
      CHECK(scaled[i] == start[i] * T{0.3});
    }
    elementwise().fill.get<T>()(T{7}, y.data(), n);
    CHECK(std::count(y.begin(), y.end(), T{7}) == n);
    CHECK(y.back() == start.back());
  }
}

}  // namespace

TEST_CASE("element-wise functions are accurate to a few units in the last place") {
  on_every_target([] {
    for (const UnaryCase& test : kUnaryCases) {
      check_accuracy<float>(test);
      check_accuracy<double>(test);
    }
    check_gelu<float>();
    check_gelu<double>();
  });
}

TEST_CASE("element-wise bits depend on the value, not on position, length or stride") {
  on_every_target([] {
    for (const UnaryCase& test : kUnaryCases) {
      const Unary& kernel = elementwise().*test.kernel;
      check_layouts<float>(test.name, kernel.f32, test.low, test.high);
      check_layouts<double>(test.name, kernel.f64, test.low, test.high);
    }
  });
}

TEST_CASE("element-wise functions are right at zero, infinity and NaN") {
  on_every_target([] {
    check_special_values<float>();
    check_special_values<double>();
    check_binary_special_values<float>();
    check_binary_special_values<double>();
  });
}

TEST_CASE("binary element-wise kernels have the bits of the plain expression") {
  on_every_target([] {
    check_binary<float>();
    check_binary<double>();
  });
}

TEST_CASE("axpy, scale and fill touch exactly n elements") {
  on_every_target([] {
    check_accumulation<float>();
    check_accumulation<double>();
  });
}

// exp and sigmoid take a shorter way where all of several vectors are usual; what is rare must not show in the others.
TEMPLATE_TEST_CASE("a function of a value does not depend on its neighbours", "", float, double) {
  on_every_target([] {
    const std::vector<TestType> usual = random_values<TestType>(131, 3, -80, 80);
    for (const auto kernel : {&ElementwiseKernels::exp, &ElementwiseKernels::sigmoid, &ElementwiseKernels::tanh}) {
      const auto run = [&](const std::vector<TestType>& x) {
        std::vector<TestType> y(x.size());
        (elementwise().*kernel).template get<TestType>()(x.data(), 1, y.data(), static_cast<int64_t>(x.size()));
        return y;
      };
      const std::vector<TestType> wanted = run(usual);
      for (const TestType rare : {TestType(-1000), TestType(100), std::numeric_limits<TestType>::quiet_NaN(),
                                  -std::numeric_limits<TestType>::infinity()}) {
        for (size_t place = 0; place < usual.size(); place += 5) {
          std::vector<TestType> x = usual;
          x[place] = rare;
          std::vector<TestType> got = run(x);
          CHECK(same_bits(got[place], run({rare})[0]));
          got[place] = wanted[place];
          CHECK(same_bits(got, wanted));
        }
      }
    }
  });
}

}  // namespace heed::kernels::test

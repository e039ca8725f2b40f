// Element-wise kernels of one operand against the C library in long double, on every target: accuracy, special values,
// tails and strides.
#include "kernels/elementwise.h"

#include <algorithm>
#include <fstream>
#include <regex>
#include <set>

#include "support/functions.h"
#include "tensor/kernels/naive.h"

namespace heed::kernels::test {
namespace {

using heed::test::Real;

/// Where random arguments are drawn, and the units in the last place that results may be off there.
struct Range {
  double low, high, ulps;
};

struct UnaryCase {
  const char* name;  // of the kernel
  Unary ElementwiseKernels::*kernel;
  std::vector<Range> ranges;
  const char* function = nullptr;  // whose reference it has, where that is not its name
  bool units_of_x = false;  // gelu: 1 + erf cancels for negative x, the error is in units of |x|, not of the result

  heed::test::Formula exact() const {
    return heed::test::function<Tensor>(function == nullptr ? name : function).value;
  }
};

using K = ElementwiseKernels;
const std::vector<UnaryCase> kUnaryCases{
    {"neg", &K::neg, {{-10, 10, 0}}},
    {"abs", &K::abs, {{-10, 10, 0}}},
    {"sqrt", &K::sqrt, {{0, 100, 0.51}}},
    {"exp", &K::exp, {{-110, 95, 1.5}, {-80, 80, 1.5}, {-760, 720, 1.5}}},
    {"expm1", &K::expm1, {{-110, 95, 2.5}, {-1, 1, 2.5}, {-0.4, 0.4, 2.5}, {-760, 720, 2.5}}},
    {"log1p", &K::log1p, {{-0.99, 4, 2.5}, {-1e-3, 1e-3, 2.5}, {0, 1e30, 2.5}}},
    {"log", &K::log, {{0, 4, 1.5}, {0, 1e30, 1.5}}},
    {"tanh", &K::tanh, {{-12, 12, 3}, {2, 12, 1.6}, {-1e-2, 1e-2, 3}}},
    {"sigmoid", &K::sigmoid, {{-80, 80, 3}, {-3, 3, 3}, {-120, 120, 3}}},
    {"erf", &K::erf, {{-7, 7, 3}, {-1.2, 1.2, 3}}},
    {"sin", &K::sin, {{-10, 10, 2}, {-8192, 8192, 2.5}, {-3e6, 3e6, 2}}},
    {"cos", &K::cos, {{-10, 10, 2}, {-8192, 8192, 2.5}}},
    {"relu", &K::relu, {{-10, 10, 0}}},
    {"gelu", &K::gelu, {{-8, 8, 4}}, nullptr, true},
    {"gelu_tanh", &K::gelu_tanh, {{-8, 8, 4}}, "gelu tanh", true},
    {"silu", &K::silu, {{-80, 80, 4}}},
    {"softplus", &K::softplus, {{-120, 40, 3}}},
};

template <class T>
void check_accuracy(const UnaryCase& test, const Range& range) {
  std::vector<T> x = random_values<T>(20000, 7, range.low, range.high);
  for (int exponent = -160; exponent <= 0 && !test.units_of_x; ++exponent) {  // every magnitude down to denormal ones
    const T tiny = std::ldexp(static_cast<T>(1.37), exponent);
    for (const T value : {tiny, -tiny}) {
      if (value >= range.low && value <= range.high) x.push_back(value);
    }
  }
  std::vector<T> y(x.size());
  (elementwise().*test.kernel).template get<T>()(x.data(), 1, y.data(), static_cast<int64_t>(x.size()));
  const heed::test::Formula exact = test.exact();
  double worst = 0;
  T where = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    const Real units = std::abs(y[i] - exact(x[i])) / (std::numeric_limits<T>::epsilon() * std::abs(x[i]));
    const double distance = test.units_of_x ? static_cast<double>(units) : ulps(y[i], exact(x[i]));
    if (distance > worst) worst = distance, where = x[i];
  }
  INFO(test.name << " of " << where << " in " << sizeof(T) * 8 << " bits, from " << range.low << " to " << range.high);
  CHECK(worst <= range.ulps);
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
  for (Unary ElementwiseKernels::*odd : {&ElementwiseKernels::tanh, &ElementwiseKernels::erf, &ElementwiseKernels::sin,
                                         &ElementwiseKernels::expm1, &ElementwiseKernels::log1p}) {
    CHECK(same_bits(apply((k.*odd).template get<T>(), T{0}), T{0}));
    CHECK(same_bits(apply((k.*odd).template get<T>(), -T{0}), -T{0}));
  }
  CHECK(apply(k.exp.get<T>(), kInfinity) == kInfinity);
  CHECK(apply(k.exp.get<T>(), -kInfinity) == 0);
  CHECK(apply(k.exp.get<T>(), T{0}) == 1);
  CHECK(apply(k.expm1.get<T>(), kInfinity) == kInfinity);
  CHECK(apply(k.expm1.get<T>(), -kInfinity) == -1);
  CHECK(apply(k.log1p.get<T>(), kInfinity) == kInfinity);
  CHECK(apply(k.log1p.get<T>(), T{-1}) == -kInfinity);
  CHECK(std::isnan(apply(k.log1p.get<T>(), T{-1.5})));
  CHECK(std::isnan(apply(k.log1p.get<T>(), -kInfinity)));
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

}  // namespace

TEST_CASE("element-wise functions are accurate to a few units in the last place") {
  on_every_target([] {
    for (const UnaryCase& test : kUnaryCases) {
      for (const Range& range : test.ranges) {
        check_accuracy<float>(test, range);
        check_accuracy<double>(test, range);
      }
    }
  });
}

TEST_CASE("element-wise bits depend on the value, not on position, length or stride") {
  on_every_target([] {
    for (const UnaryCase& test : kUnaryCases) {
      const Unary& kernel = elementwise().*test.kernel;
      for (const Range& range : test.ranges) {
        check_layouts<float>(test.name, kernel.f32, range.low, range.high);
        check_layouts<double>(test.name, kernel.f64, range.low, range.high);
      }
    }
  });
}

TEST_CASE("element-wise functions are right at zero, infinity and NaN") {
  on_every_target([] {
    check_special_values<float>();
    check_special_values<double>();
  });
}

TEST_CASE("every element-wise kernel of one operand is in the table") {
  std::set<std::string> declared, tested;
  for (const UnaryCase& test : kUnaryCases) tested.insert(test.name);
  std::ifstream header(HEED_KERNELS "/elementwise.h");
  const std::regex members("^  Unary ([^;]+);"), name("\\w+");
  std::string line;
  std::smatch match;
  while (std::getline(header, line)) {
    if (!std::regex_search(line, match, members)) continue;
    const std::string list = match[1];
    for (std::sregex_iterator i(list.begin(), list.end(), name), end; i != end; ++i) declared.insert(i->str());
  }
  CHECK(declared == tested);
}

// exp and sigmoid take a shorter way where all of several vectors are usual; what is rare must not show in the others.
TEMPLATE_TEST_CASE("a function of a value does not depend on its neighbours", "", float, double) {
  on_every_target([] {
    const std::vector<TestType> usual = random_values<TestType>(131, 3, -80, 80);
    for (const auto kernel : {&ElementwiseKernels::exp, &ElementwiseKernels::expm1, &ElementwiseKernels::sigmoid,
                              &ElementwiseKernels::tanh}) {
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

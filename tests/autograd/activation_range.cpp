// Functions of one operand with their first and second derivatives, from 0 to infinity and at NaN, against formulas in
// long double.
#include <cmath>
#include <limits>
#include <numbers>

#include <heed/autograd/backward.h>
#include <heed/autograd/elementwise.h>
#include <heed/autograd/reduce.h>

#include "support/reference.h"

namespace heed::test {
namespace {

using Real = long double;
constexpr Real kPi = std::numbers::pi_v<Real>;
constexpr Real kInf = std::numeric_limits<Real>::infinity();
constexpr Real kNaN = std::numeric_limits<Real>::quiet_NaN();

Real logistic(Real x) { return 1 / (1 + std::exp(-x)); }
Real density(Real x) { return std::exp(-x * x / 2) / std::sqrt(2 * kPi); }
Real distribution(Real x) { return std::erfc(-x / std::sqrt(Real{2})) / 2; }

/// x w, and its limit where that is 0 · ∞.
Real product(Real x, Real w) { return w == 0 ? 0 : x * w; }

/// Value and derivatives of gelu's tanh form, x logistic(2 u), u = √(2/π) (x + 0.044715 x³).
struct GeluTanh {
  Real value, first, second;
  explicit GeluTanh(Real x) : value(x > 0 ? x : 0), first(x > 0), second(0) {
    if (std::abs(x) > 1000) {
      return;
    }
    const Real root = std::sqrt(2 / kPi), cubic = Real{0.044715L};
    const Real s = logistic(2 * root * (x + cubic * x * x * x)), slope = 2 * root * (1 + 3 * cubic * x * x);
    const Real bend = 12 * root * cubic * x, ds = s * (1 - s) * slope;
    value = x * s;
    first = s + x * ds;
    second = 2 * ds + x * (bend * s * (1 - s) + slope * (1 - 2 * s) * ds);
  }
};

struct Function {
  const char* name;
  Variable (*heed)(const Variable&);
  Real (*value)(Real);
  Real (*first)(Real);
  Real (*second)(Real);
};

constexpr Real kRootPi = 1 / std::numbers::inv_sqrtpi_v<Real>;
Real zero(Real) { return 0; }
Real sign_of(Real x) { return static_cast<Real>(x > 0) - static_cast<Real>(x < 0); }
Real bell(Real x) { return product(std::exp(-std::abs(x)), 1 / std::pow(1 + std::exp(-std::abs(x)), 2)); }

const Function kFunctions[] = {
    {"relu", [](const Variable& x) { return relu(x); }, [](Real x) { return std::max(x, Real{0}); },
     [](Real x) { return static_cast<Real>(x > 0); }, zero},
    {"gelu", [](const Variable& x) { return gelu(x); }, [](Real x) { return product(x, distribution(x)); },
     [](Real x) { return distribution(x) + product(x, density(x)); },
     [](Real x) { return product(2 - x * x, density(x)); }},
    {"gelu by tanh", [](const Variable& x) { return gelu(x, Gelu::tanh); }, [](Real x) { return GeluTanh(x).value; },
     [](Real x) { return GeluTanh(x).first; }, [](Real x) { return GeluTanh(x).second; }},
    {"silu", [](const Variable& x) { return silu(x); }, [](Real x) { return product(x, logistic(x)); },
     [](Real x) { return logistic(x) + product(x, bell(x)); },
     [](Real x) { return 2 * bell(x) + product(x, bell(x)) * (1 - 2 * logistic(x)); }},
    // The second derivative is made of a rounded sigmoid, of which nothing is left in 1 - 2σ(1e-20).
    {"sigmoid", [](const Variable& x) { return sigmoid(x); }, logistic, bell,
     [](Real x) { return bell(x) * (1 - 2 * static_cast<double>(logistic(x))); }},
    {"tanh", [](const Variable& x) { return tanh(x); }, [](Real x) { return std::tanh(x); },
     [](Real x) { return 4 * bell(2 * x); }, [](Real x) { return -8 * std::tanh(x) * bell(2 * x); }},
    {"softplus", [](const Variable& x) { return softplus(x); },
     [](Real x) { return std::max(x, Real{0}) + std::log1p(std::exp(-std::abs(x))); }, logistic, bell},
    {"erf", [](const Variable& x) { return erf(x); }, [](Real x) { return std::erf(x); },
     [](Real x) { return 2 / kRootPi * std::exp(-x * x); },
     [](Real x) { return product(-4 * x / kRootPi, std::exp(-x * x)); }},
    {"exp", [](const Variable& x) { return exp(x); }, [](Real x) { return std::exp(x); },
     [](Real x) { return std::exp(x); }, [](Real x) { return std::exp(x); }},
    {"log", [](const Variable& x) { return log(x); }, [](Real x) { return std::log(x); }, [](Real x) { return 1 / x; },
     [](Real x) { return -1 / (x * x); }},
    {"sqrt", [](const Variable& x) { return sqrt(x); }, [](Real x) { return std::sqrt(x); },
     [](Real x) { return 1 / (2 * std::sqrt(x)); }, [](Real x) { return -1 / (4 * x * std::sqrt(x)); }},
    {"sin", [](const Variable& x) { return sin(x); }, [](Real x) { return std::sin(x); },
     [](Real x) { return std::cos(x); }, [](Real x) { return -std::sin(x); }},
    {"cos", [](const Variable& x) { return cos(x); }, [](Real x) { return std::cos(x); },
     [](Real x) { return -std::sin(x); }, [](Real x) { return -std::cos(x); }},
    {"abs", [](const Variable& x) { return abs(x); }, [](Real x) { return std::abs(x); }, sign_of, zero},
    {"clamp", [](const Variable& x) { return clamp(x, -2, 3); },
     [](Real x) { return std::min(std::max(x, Real{-2}), Real{3}); },
     [](Real x) { return static_cast<Real>(x >= -2 && x <= 3); }, zero},
    {"square", [](const Variable& x) { return pow(x, 2); }, [](Real x) { return x * x; }, [](Real x) { return 2 * x; },
     [](Real) { return Real{2}; }},
    {"1 / x", [](const Variable& x) { return 1 / x; }, [](Real x) { return 1 / x; },
     [](Real x) { return -1 / (x * x); }, [](Real x) { return 2 / (x * x * x); }},
    {"power of -1", [](const Variable& x) { return pow(x, -1); }, [](Real x) { return 1 / x; },
     [](Real x) { return -1 / (x * x); }, [](Real x) { return 2 / (x * x * x); }},
};

template <class T>
std::vector<double> points() {
  using Limits = std::numeric_limits<T>;
  std::vector<double> all{0};
  for (const double size :
       {double{Limits::denorm_min()}, double{Limits::min()} / 3, double{Limits::min()}, 1e-20, 0.5, 3.0, 19.0, 1e4,
        1e13, 2e19, 1e20, std::sqrt(double{Limits::max()}), double{Limits::max()}, double{Limits::infinity()}}) {
    const double number{static_cast<T>(size)};
    all.push_back(number);
    all.push_back(-number);
  }
  return all;
}

/// Equal within `tolerance` of what is right, once that is rounded to T; and of 1 where x is above 1, for values that
/// pass through 0 there.
template <class T>
void check_values(const char* what, const std::vector<double>& x, const std::vector<double>& got, Real (*right)(Real),
                  double tolerance) {
  for (size_t i = 0; i < x.size(); ++i) {
    const auto want = static_cast<double>(static_cast<T>(right(x[i])));
    CAPTURE(what, x[i], got[i], want);
    const bool same = got[i] == want || (std::isnan(got[i]) && std::isnan(want));
    const double slack = std::abs(x[i]) <= 1 ? double{std::numeric_limits<T>::denorm_min()}
                                             : std::max(0.0, tolerance * (1 - std::abs(want)));
    CHECK((same || std::abs(got[i] - want) <= tolerance * std::abs(want) + slack));
  }
}

template <class T>
void check_function(const Function& f, DType dtype) {
  CAPTURE(f.name, dtype);
  const double tolerance = 16 * double{std::numeric_limits<T>::epsilon()};
  std::vector<double> x = points<T>();
  if (f.value(-1) != f.value(-1)) {  // no function of negative numbers
    std::erase_if(x, [](double each) { return each < 0; });
  }
  const auto size = static_cast<int64_t>(x.size());
  const Variable in(to(from_vector(x, {size}), dtype), true);
  const Variable y = f.heed(in);
  check_values<T>("value", x, values(y.value()), f.value, tolerance);
  check_values<T>("first", x, values(grad({sum(y)}, {in}, {.retain_graph = true})[0].value()), f.first, tolerance);
  const Variable slope = grad({sum(y)}, {in}, {.create_graph = true})[0];
  check_values<T>("first, with a graph", x, values(slope.value()), f.first, tolerance);
  if (f.second != zero) {
    check_values<T>("second", x, values(grad({sum(slope)}, {in})[0].value()), f.second, tolerance);
  }
}

TEST_CASE("functions and their derivatives are right from the smallest number to infinity") {
  for (const Function& f : kFunctions) {
    check_function<float>(f, DType::float32);
    check_function<double>(f, DType::float64);
  }
}

TEST_CASE("functions of NaN are NaN, and no gradient is lost there") {
  for (const Function& f : kFunctions) {
    for (const DType dtype : {DType::float32, DType::float64}) {
      CAPTURE(f.name, dtype);
      const Variable x(full({1}, static_cast<double>(kNaN), dtype), true);
      const Variable y = f.heed(x);
      CHECK(std::isnan(y.value().item()));
      CHECK(grad({y}, {x})[0].value().item() != 0);  // NaN or 1
    }
  }
}

TEST_CASE("a power of infinity does not change with a negative exponent") {
  const Variable base = tensor<double>({static_cast<double>(kInf), static_cast<double>(kInf), 0, 2}),
                 exponent(tensor<double>({-1, -0.5, 2, -1}), true);
  check_close(values(grad({sum(pow(base, exponent))}, {exponent})[0].value()), {0, 0, 0, std::log(2) / 2}, 1e-15);
}

}  // namespace
}  // namespace heed::test

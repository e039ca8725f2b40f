// One reference for each element-wise function, for its kernel, for tensors and for Variables: a formula in long double
// with its derivatives. Rows are named as the public function, with a form behind it where there are several.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <string>
#include <type_traits>
#include <vector>

#include <heed/tensor/elementwise.h>

namespace heed::test {

using Real = long double;
using Formula = Real (*)(Real);

/// A function of one operand; X is Tensor or Variable.
template <class X>
struct Function {
  std::string name;  ///< "gelu tanh": of gelu, the form "tanh"
  X (*heed)(const X&);
  Formula value;
  Formula first = nullptr, second = nullptr;  ///< derivatives, where they are held against formulas as well
  double low = -2, high = 2;                  ///< where differences of float64 are exact enough
  std::string op() const { return name.substr(0, name.find(' ')); }
};

inline Real zero(Real) { return 0; }
inline Real logistic(Real x) { return 1 / (1 + std::exp(-x)); }
/// x w, and its limit where that is 0 · ∞.
inline Real product(Real x, Real w) { return w == 0 ? 0 : x * w; }
/// The derivative of logistic().
inline Real bell(Real x) {
  const Real small = std::exp(-std::abs(x));
  return product(small, 1 / ((1 + small) * (1 + small)));
}
inline Real density(Real x) { return std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi_v<Real>); }
inline Real distribution(Real x) { return std::erfc(-x / std::numbers::sqrt2_v<Real>) / 2; }

/// Value and derivatives of gelu's tanh form, x logistic(2 u), u = √(2/π) (x + 0.044715 x³).
struct GeluTanh {
  Real value, first, second;
  explicit GeluTanh(Real x) : value(x > 0 ? x : 0), first(x > 0), second(0) {
    if (std::abs(x) > 1000) {
      return;
    }
    const Real root = std::sqrt(2 / std::numbers::pi_v<Real>), cubic = Real{0.044715L};
    const Real s = logistic(2 * root * (x + cubic * x * x * x)), slope = 2 * root * (1 + 3 * cubic * x * x);
    const Real bend = 12 * root * cubic * x, ds = s * (1 - s) * slope;
    value = x * s;
    first = s + x * ds;
    second = 2 * ds + x * (bend * s * (1 - s) + slope * (1 - 2 * s) * ds);
  }
};

template <class X>
std::vector<Function<X>> exponential_functions() {
  using V = const X&;
  constexpr Real kInverseRootPi = std::numbers::inv_sqrtpi_v<Real>;
  const Formula exp_of = [](Real x) { return std::exp(x); };
  return {
      {"exp", [](V x) { return exp(x); }, exp_of, exp_of, exp_of, -5, 3},
      {"log", [](V x) { return log(x); }, [](Real x) { return std::log(x); }, [](Real x) { return 1 / x; },
       [](Real x) { return -1 / (x * x); }, 0.4, 5},
      {"expm1", [](V x) { return expm1(x); }, [](Real x) { return std::expm1(x); }, exp_of, exp_of, -5, 3},
      {"log1p", [](V x) { return log1p(x); }, [](Real x) { return std::log1p(x); }, [](Real x) { return 1 / (1 + x); },
       [](Real x) { return -1 / ((1 + x) * (1 + x)); }, -0.6, 5},
      {"elu", [](V x) { return elu(x); }, [](Real x) { return x > 0 ? x : std::expm1(x); },
       [](Real x) { return x > 0 ? Real{1} : std::exp(x); }, [](Real x) { return x > 0 ? Real{0} : std::exp(x); }},
      {"elu 0.5", [](V x) { return elu(x, 0.5); }, [](Real x) { return x > 0 ? x : std::expm1(x) / 2; },
       [](Real x) { return x > 0 ? Real{1} : std::exp(x) / 2; },
       [](Real x) { return x > 0 ? Real{0} : std::exp(x) / 2; }},
      {"tanh", [](V x) { return tanh(x); }, [](Real x) { return std::tanh(x); }, [](Real x) { return 4 * bell(2 * x); },
       [](Real x) { return -8 * std::tanh(x) * bell(2 * x); }, -4, 4},
      // The second derivative is made of a rounded sigmoid, of which nothing is left in 1 - 2σ(1e-20).
      {"sigmoid", [](V x) { return sigmoid(x); }, logistic, bell,
       [](Real x) { return bell(x) * (1 - 2 * static_cast<double>(logistic(x))); }, -8, 8},
      {"gelu", [](V x) { return gelu(x); }, [](Real x) { return product(x, distribution(x)); },
       [](Real x) { return distribution(x) + product(x, density(x)); },
       [](Real x) { return product(2 - x * x, density(x)); }, -4, 4},
      {"gelu tanh", [](V x) { return gelu(x, Gelu::tanh); }, [](Real x) { return GeluTanh(x).value; },
       [](Real x) { return GeluTanh(x).first; }, [](Real x) { return GeluTanh(x).second; }, -4, 4},
      {"silu", [](V x) { return silu(x); }, [](Real x) { return product(x, logistic(x)); },
       [](Real x) { return logistic(x) + product(x, bell(x)); },
       [](Real x) { return 2 * bell(x) + product(x, bell(x)) * (1 - 2 * logistic(x)); }, -8, 8},
      {"softplus", [](V x) { return softplus(x); }, [](Real x) { return x > 20 ? x : std::log1p(std::exp(x)); },
       logistic, bell, -30, 30},
      {"erf", [](V x) { return erf(x); }, [](Real x) { return std::erf(x); },
       [](Real x) { return 2 * kInverseRootPi * std::exp(-x * x); },
       [](Real x) { return product(-4 * x * kInverseRootPi, std::exp(-x * x)); }},
      {"sin", [](V x) { return sin(x); }, [](Real x) { return std::sin(x); }, [](Real x) { return std::cos(x); },
       [](Real x) { return -std::sin(x); }, -7, 7},
      {"cos", [](V x) { return cos(x); }, [](Real x) { return std::cos(x); }, [](Real x) { return -std::sin(x); },
       [](Real x) { return -std::cos(x); }, -7, 7},
  };
}

template <class X>
std::vector<Function<X>> algebraic_functions() {
  using V = const X&;
  const Formula inverse = [](Real x) { return 1 / x; }, slope = [](Real x) { return -1 / (x * x); },
                bend = [](Real x) { return 2 / (x * x * x); };
  std::vector<Function<X>> rows{
      {"neg", [](V x) { return neg(x); }, [](Real x) { return -x; }},
      {"neg -x", [](V x) { return -x; }, [](Real x) { return -x; }},
      {"sqrt", [](V x) { return sqrt(x); }, [](Real x) { return std::sqrt(x); },
       [](Real x) { return 1 / (2 * std::sqrt(x)); }, [](Real x) { return -1 / (4 * x * std::sqrt(x)); }, 0.4, 5},
      {"relu", [](V x) { return relu(x); }, [](Real x) { return std::max(x, Real{0}); },
       [](Real x) { return static_cast<Real>(x > 0); }, zero},
      {"leaky_relu", [](V x) { return leaky_relu(x); }, [](Real x) { return x > 0 ? x : x * Real{0.01}; },
       [](Real x) { return x > 0 ? Real{1} : Real{0.01}; }, zero},
      {"leaky_relu 0.5", [](V x) { return leaky_relu(x, 0.5); }, [](Real x) { return x > 0 ? x : x / 2; },
       [](Real x) { return x > 0 ? Real{1} : Real{0.5L}; }, zero},
      {"abs", [](V x) { return abs(x); }, [](Real x) { return std::abs(x); },
       [](Real x) { return static_cast<Real>(x > 0) - static_cast<Real>(x < 0); }, zero},
      {"clamp", [](V x) { return clamp(x, -2, 3); }, [](Real x) { return std::min(std::max(x, Real{-2}), Real{3}); },
       [](Real x) { return static_cast<Real>(x >= -2 && x <= 3); }, zero, -4, 5},
      {"add 1.5 + x", [](V x) { return 1.5 + x; }, [](Real x) { return 1.5L + x; }},
      {"add x + 1.5", [](V x) { return x + 1.5; }, [](Real x) { return x + 1.5L; }},
      {"sub x - 1.5", [](V x) { return x - 1.5; }, [](Real x) { return x - 1.5L; }},
      {"sub 1.5 - x", [](V x) { return 1.5 - x; }, [](Real x) { return 1.5L - x; }},
      {"mul x * 1.5", [](V x) { return x * 1.5; }, [](Real x) { return x * 1.5L; }},
      {"mul 1.5 * x", [](V x) { return 1.5 * x; }, [](Real x) { return 1.5L * x; }},
      {"div x / 1.5", [](V x) { return x / 1.5; }, [](Real x) { return x / 1.5L; }},
      {"div 1 / x", [](V x) { return 1 / x; }, inverse, slope, bend, 0.4},
      {"pow 2", [](V x) { return pow(x, 2); }, [](Real x) { return x * x; }, [](Real x) { return 2 * x; },
       [](Real) { return Real{2}; }},
      {"pow 3", [](V x) { return pow(x, 3); }, [](Real x) { return x * x * x; }},
      {"pow 1", [](V x) { return pow(x, 1); }, [](Real x) { return x; }},
      {"pow -1", [](V x) { return pow(x, -1); }, inverse, slope, bend, 0.4},
      {"pow -1.5", [](V x) { return pow(x, -1.5); }, [](Real x) { return std::pow(x, -1.5L); }, nullptr, nullptr, 0.4},
  };
  if constexpr (std::is_same_v<X, Tensor>) {
    rows.push_back({"sign", sign, [](Real x) { return static_cast<Real>(x > 0) - static_cast<Real>(x < 0); }});
  }
  return rows;
}

/// All of them; the headers say which there must be.
template <class X>
const std::vector<Function<X>>& functions() {
  static const std::vector<Function<X>> rows = [] {
    std::vector<Function<X>> all = exponential_functions<X>();
    const std::vector<Function<X>> more = algebraic_functions<X>();
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }();
  return rows;
}

template <class X>
const Function<X>& function(const std::string& name) {
  const auto& rows = functions<X>();
  return *std::find_if(rows.begin(), rows.end(), [&](const Function<X>& row) { return row.name == name; });
}

}  // namespace heed::test

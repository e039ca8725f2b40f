// One reference for each element-wise function of two operands, for its kernel, for tensors and for Variables.
#pragma once

#include <cmath>
#include <type_traits>
#include <vector>

#include <heed/tensor/elementwise.h>

namespace heed::test {

/// A function of two operands, as one generic formula gives it in float32 and in float64.
template <class X>
struct BinaryFunction {
  template <class F>
  BinaryFunction(const char* text, X (*op)(const X&, const X&), F formula, double left = -2, double right = -2,
                 bool for_integers = true)
      : name(text), heed(op), f32(formula), f64(formula), left_low(left), right_low(right), integers(for_integers) {}

  template <class T>
  auto formula() const {
    if constexpr (std::is_same_v<T, float>) {
      return f32;
    } else {
      return f64;
    }
  }

  const char* name;
  X (*heed)(const X&, const X&);
  float (*f32)(float, float);
  double (*f64)(double, double);
  double left_low, right_low;  ///< where it is defined: from here to 2
  bool integers;               ///< takes int64 too
};

template <class X>
const std::vector<BinaryFunction<X>>& binary_functions() {
  using V = const X&;
  static const std::vector<BinaryFunction<X>> rows{
      {"add", [](V a, V b) { return a + b; }, [](auto a, auto b) { return a + b; }},
      {"sub", [](V a, V b) { return a - b; }, [](auto a, auto b) { return a - b; }},
      {"mul", [](V a, V b) { return a * b; }, [](auto a, auto b) { return a * b; }},
      {"div", [](V a, V b) { return a / b; }, [](auto a, auto b) { return a / b; }, -2, 0.4, false},
      {"maximum", [](V a, V b) { return maximum(a, b); }, [](auto a, auto b) { return a > b ? a : b; }},
      {"minimum", [](V a, V b) { return minimum(a, b); }, [](auto a, auto b) { return a < b ? a : b; }},
      {"pow", [](V a, V b) { return pow(a, b); }, [](auto a, auto b) { return std::pow(a, b); }, 0.4, -2, false},
  };
  return rows;
}

/// Comparisons of tensors.
inline const std::vector<BinaryFunction<Tensor>>& comparisons() {
  using V = const Tensor&;
  static const std::vector<BinaryFunction<Tensor>> rows{
      {"eq", [](V a, V b) { return eq(a, b); }, [](auto a, auto b) { return decltype(a)(a == b); }},
      {"ne", [](V a, V b) { return ne(a, b); }, [](auto a, auto b) { return decltype(a)(a != b); }},
      {"lt", [](V a, V b) { return lt(a, b); }, [](auto a, auto b) { return decltype(a)(a < b); }},
      {"le", [](V a, V b) { return le(a, b); }, [](auto a, auto b) { return decltype(a)(a <= b); }},
      {"gt", [](V a, V b) { return gt(a, b); }, [](auto a, auto b) { return decltype(a)(a > b); }},
      {"ge", [](V a, V b) { return ge(a, b); }, [](auto a, auto b) { return decltype(a)(a >= b); }},
  };
  return rows;
}

}  // namespace heed::test

// Rows of element-wise operations.
#include <cmath>
#include <numbers>
#include <random>

#include <heed/autograd/elementwise.h>

#include "support/op_table.h"

namespace heed::test {
namespace {

using Variables = std::vector<Variable>;

/// f of the elements of all inputs, broadcast.
template <class F>
Array mapped(const Arrays& x, const F& f) {
  Shape shape;
  for (const Array& each : x) {
    shape = broadcast_shapes(shape, each.shape, "mapped");
  }
  return array_of(shape, [&](const Shape& index) {
    std::vector<double> elements;
    for (const Array& each : x) {
      elements.push_back(each.at(broadcast_index(index, each.shape)));
    }
    return f(elements);
  });
}

/// One input: rank 0 and up, odd sizes, 1 and 0.
std::vector<Case> single_cases(double low, double high) {
  std::vector<Case> cases;
  for (const Shape& shape : {Shape{}, Shape{1}, Shape{17}, Shape{3, 5}, Shape{2, 1, 7}, Shape{0}, Shape{2, 0, 3}}) {
    cases.push_back({{shape, low, high}});
  }
  return cases;
}

/// Two inputs that broadcast: chosen pairs and random ones.
std::vector<Case> pair_cases(double low, double high, double second_low, double second_high) {
  std::vector<std::pair<Shape, Shape>> shapes{{{3, 5}, {3, 5}}, {{2, 3, 5}, {5}},   {{3, 1, 5}, {4, 1}},
                                              {{}, {2, 3}},     {{7}, {}},          {{}, {}},
                                              {{0, 3}, {1, 3}}, {{2, 1, 0}, {3, 1}}};
  std::mt19937 engine(5);
  for (int i = 0; i < 3; ++i) {
    Shape a, b;
    for (int axis = 0; axis < 3; ++axis) {
      const auto size = static_cast<int64_t>(engine() % 5);
      a.push_back(engine() % 3 == 0 ? 1 : size);
      b.push_back(engine() % 3 == 0 ? 1 : size);
    }
    shapes.emplace_back(a, b);
  }
  std::vector<Case> cases;
  for (const auto& [a, b] : shapes) {
    cases.push_back({{a, low, high}, {b, second_low, second_high}});
  }
  return cases;
}

OpRow binary(const char* name, Variable (*function)(const Variable&, const Variable&),
             double (*reference)(double, double), std::vector<Case> cases = pair_cases(-2, 2, -2, 2)) {
  return row(
      name, [function](const Variables& x) { return function(x[0], x[1]); },
      [reference](const Arrays& x) {
        return mapped(x, [reference](const std::vector<double>& e) { return reference(e[0], e[1]); });
      },
      std::move(cases));
}

/// `function` is generic, so that overloads and operators can be given.
template <class Function>
OpRow unary(const char* name, Function function, double (*reference)(double), double low = -2, double high = 2) {
  return row(
      name, [function](const Variables& x) -> Variable { return function(x[0]); },
      [reference](const Arrays& x) {
        return mapped(x, [reference](const std::vector<double>& e) { return reference(e[0]); });
      },
      single_cases(low, high));
}

std::vector<OpRow> arithmetic_rows() {
  return {
      binary(
          "add", [](const Variable& a, const Variable& b) { return a + b; }, [](double a, double b) { return a + b; }),
      binary(
          "sub", [](const Variable& a, const Variable& b) { return a - b; }, [](double a, double b) { return a - b; }),
      binary(
          "mul", [](const Variable& a, const Variable& b) { return a * b; }, [](double a, double b) { return a * b; }),
      binary(
          "div", [](const Variable& a, const Variable& b) { return a / b; }, [](double a, double b) { return a / b; },
          pair_cases(-2, 2, 0.4, 2)),
      binary("maximum", &maximum, [](double a, double b) { return std::max(a, b); }),
      binary("minimum", &minimum, [](double a, double b) { return std::min(a, b); }),
      binary(
          "pow", &pow, [](double a, double b) { return std::pow(a, b); }, pair_cases(0.4, 2, -2, 2)),
      unary(
          "add", [](const Variable& x) { return 1.5 + x; }, [](double x) { return 1.5 + x; }),
      unary(
          "add", [](const Variable& x) { return x + 1.5; }, [](double x) { return x + 1.5; }),
      unary(
          "sub", [](const Variable& x) { return x - 1.5; }, [](double x) { return x - 1.5; }),
      unary(
          "sub", [](const Variable& x) { return 1.5 - x; }, [](double x) { return 1.5 - x; }),
      unary(
          "mul", [](const Variable& x) { return x * 1.5; }, [](double x) { return x * 1.5; }),
      unary(
          "mul", [](const Variable& x) { return 1.5 * x; }, [](double x) { return 1.5 * x; }),
      unary(
          "div", [](const Variable& x) { return x / 1.5; }, [](double x) { return x / 1.5; }),
      unary(
          "div", [](const Variable& x) { return 1.5 / x; }, [](double x) { return 1.5 / x; }, 0.4),
      unary(
          "pow", [](const Variable& x) { return pow(x, 2); }, [](double x) { return x * x; }),
      unary(
          "pow", [](const Variable& x) { return pow(x, 3); }, [](double x) { return x * x * x; }),
      unary(
          "pow", [](const Variable& x) { return pow(x, 1); }, [](double x) { return x; }),
      unary(
          "pow", [](const Variable& x) { return pow(x, -1.5); }, [](double x) { return std::pow(x, -1.5); }, 0.4),
  };
}

std::vector<OpRow> function_rows() {
  using V = const Variable&;
  return {
      unary(
          "neg", [](V x) { return -x; }, [](double x) { return -x; }),
      unary(
          "exp", [](V x) { return exp(x); }, [](double x) { return std::exp(x); }, -5, 3),
      unary(
          "log", [](V x) { return log(x); }, [](double x) { return std::log(x); }, 0.4, 5),
      unary(
          "sqrt", [](V x) { return sqrt(x); }, [](double x) { return std::sqrt(x); }, 0.4, 5),
      unary(
          "tanh", [](V x) { return tanh(x); }, [](double x) { return std::tanh(x); }, -4, 4),
      unary(
          "sigmoid", [](V x) { return sigmoid(x); }, [](double x) { return 1 / (1 + std::exp(-x)); }, -8, 8),
      unary(
          "relu", [](V x) { return relu(x); }, [](double x) { return std::max(x, 0.0); }),
      unary(
          "gelu", [](V x) { return gelu(x); }, [](double x) { return x * 0.5 * std::erfc(-x / std::numbers::sqrt2); },
          -4, 4),
      unary(
          "gelu", [](V x) { return gelu(x, Gelu::tanh); },
          [](double x) {
            return 0.5 * x * (1 + std::tanh(std::sqrt(2 / std::numbers::pi) * (x + 0.044715 * x * x * x)));
          },
          -4, 4),
      unary(
          "silu", [](V x) { return silu(x); }, [](double x) { return x / (1 + std::exp(-x)); }, -8, 8),
      unary(
          "softplus", [](V x) { return softplus(x); }, [](double x) { return x > 20 ? x : std::log1p(std::exp(x)); },
          -30, 30),
      unary(
          "sin", [](V x) { return sin(x); }, [](double x) { return std::sin(x); }, -7, 7),
      unary(
          "cos", [](V x) { return cos(x); }, [](double x) { return std::cos(x); }, -7, 7),
      unary(
          "erf", [](V x) { return erf(x); }, [](double x) { return std::erf(x); }),
      unary(
          "abs", [](V x) { return abs(x); }, [](double x) { return std::abs(x); }),
      unary(
          "clamp", [](V x) { return clamp(x, -0.5, 0.7); }, [](double x) { return std::clamp(x, -0.5, 0.7); }),
  };
}

std::vector<OpRow> choice_rows() {
  return {
      row(
          "where", [](const Variables& x) { return where(x[0].value(), x[1], x[2]); },
          [](const Arrays& x) {
            return mapped(x, [](const std::vector<double>& e) { return e[0] != 0 ? e[1] : e[2]; });
          },
          {{hidden({3, 5}), {{3, 5}}, {{3, 5}}},
           {hidden({5}), {{2, 1, 5}}, {{3, 1}}},
           {hidden({2, 3}), {{}}, {{3}}},
           {hidden({}), {{}}, {{}}},
           {hidden({0, 1}), {{1, 4}}, {{}}}}),
      row(
          "masked_fill", [](const Variables& x) { return masked_fill(x[0], x[1].value(), -1.5); },
          [](const Arrays& x) {
            return mapped(x, [](const std::vector<double>& e) { return e[1] != 0 ? -1.5 : e[0]; });
          },
          {{{{3, 5}}, hidden({3, 5})},
           {{{2, 3, 5}}, hidden({3, 1})},
           {{{7}}, hidden({})},
           {{{}}, hidden({})},
           {{{3, 0}}, hidden({1, 0})}}),
  };
}

}  // namespace

std::vector<OpRow> elementwise_rows() {
  std::vector<OpRow> rows = arithmetic_rows();
  for (const auto& more : {function_rows(), choice_rows()}) {
    rows.insert(rows.end(), more.begin(), more.end());
  }
  return rows;
}

}  // namespace heed::test

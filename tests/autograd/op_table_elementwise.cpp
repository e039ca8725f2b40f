// Rows of element-wise operations.
#include <algorithm>
#include <random>

#include <heed/autograd/elementwise.h>

#include "support/binary_functions.h"
#include "support/functions.h"
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

OpRow binary_row(const BinaryFunction<Variable>& function) {
  return row(
      function.name, [heed = function.heed](const Variables& x) { return heed(x[0], x[1]); },
      [formula = function.f64](const Arrays& x) {
        return mapped(x, [formula](const std::vector<double>& e) { return formula(e[0], e[1]); });
      },
      pair_cases(function.left_low, 2, function.right_low, 2));
}

OpRow unary_row(const Function<Variable>& function) {
  return row(
      function.op(), [heed = function.heed](const Variables& x) { return heed(x[0]); },
      [formula = function.value](const Arrays& x) {
        return mapped(x, [formula](const std::vector<double>& e) { return static_cast<double>(formula(e[0])); });
      },
      single_cases(function.low, function.high));
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
          "where", [](const Variables& x) { return where(x[0].value(), x[1], 0.5); },
          [](const Arrays& x) {
            return mapped(x, [](const std::vector<double>& e) { return e[0] != 0 ? e[1] : 0.5; });
          },
          {{hidden({3, 5}), {{3, 5}}},
           {hidden({2, 3, 5}), {{3, 1}}},
           {hidden({5}), {{2, 5}}},
           {hidden({0, 1}), {{4}}}}),
      row(
          "where", [](const Variables& x) { return where(x[0].value(), -1, x[1]); },
          [](const Arrays& x) { return mapped(x, [](const std::vector<double>& e) { return e[0] != 0 ? -1 : e[1]; }); },
          {{hidden({3, 5}), {{3, 5}}}, {hidden({2, 3, 5}), {{3, 1}}}, {hidden({5}), {{2, 5}}}, {hidden({}), {{}}}}),
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
  std::vector<OpRow> rows = choice_rows();
  std::transform(binary_functions<Variable>().begin(), binary_functions<Variable>().end(), std::back_inserter(rows),
                 binary_row);
  std::transform(functions<Variable>().begin(), functions<Variable>().end(), std::back_inserter(rows), unary_row);
  return rows;
}

}  // namespace heed::test

// Rows of views.
#include <heed/autograd/create.h>
#include <heed/autograd/view.h>

#include "support/op_table.h"

namespace heed::test {
namespace {

using Variables = std::vector<Variable>;

/// A row for a view of `shape` whose element at each index is x's at from(index).
template <class F>
OpRow picked(const char* name, Variable (*function)(const Variable&), const Shape& input, const Shape& shape,
             const F& from) {
  return row(
      name, [function](const Variables& x) { return function(x[0]); },
      [=](const Arrays& x) { return array_of(shape, [&](const Shape& index) { return x[0].at(from(index)); }); },
      {{{input}}});
}

/// A row for the same elements in the same order.
OpRow reshaped(const char* name, Variable (*function)(const Variable&), const Shape& input, const Shape& shape) {
  return row(
      name, [function](const Variables& x) { return function(x[0]); },
      [shape](const Arrays& x) {
        return Array{shape, x[0].values};
      },
      {{{input}}});
}

}  // namespace

std::vector<OpRow> view_rows() {
  using V = const Variable&;
  using I = const Shape&;
  return {
      reshaped("clone", clone, {2, 3}, {2, 3}),
      reshaped("contiguous", contiguous, {3, 5}, {3, 5}),
      reshaped("to", [](V x) { return to(to(x, DType::float64), x.dtype()); }, {2, 3}, {2, 3}),
      picked(
          "transpose", [](V x) { return transpose(x, 0, 1); }, {3, 5}, {5, 3},
          [](I i) {
            return Shape{i[1], i[0]};
          }),
      picked(
          "transpose", [](V x) { return transpose(x, -1, 0); }, {2, 3, 4}, {4, 3, 2},
          [](I i) {
            return Shape{i[2], i[1], i[0]};
          }),
      picked(
          "transpose", [](V x) { return transpose(x, 0, 1); }, {0, 3}, {3, 0}, [](I i) { return i; }),
      picked(
          "permute",
          [](V x) {
            return permute(x, {2, 0, 1});
          },
          {2, 3, 5}, {5, 2, 3},
          [](I i) {
            return Shape{i[1], i[2], i[0]};
          }),
      picked(
          "permute",
          [](V x) {
            return permute(x, {-1, 0, 1});
          },
          {2, 1, 3}, {3, 2, 1},
          [](I i) {
            return Shape{i[1], i[2], i[0]};
          }),
      picked(
          "permute", [](V x) { return permute(x, {}); }, {}, {}, [](I i) { return i; }),
      picked(
          "slice", [](V x) { return slice(x, 1, 1, 5, 2); }, {3, 6}, {3, 2},
          [](I i) {
            return Shape{i[0], 1 + 2 * i[1]};
          }),
      picked(
          "slice", [](V x) { return slice(x, -1, -3, 100); }, {2, 5}, {2, 3},
          [](I i) {
            return Shape{i[0], i[1] + 2};
          }),
      picked(
          "slice", [](V x) { return slice(x, 0, 3, 2); }, {4, 2}, {0, 2}, [](I i) { return i; }),
      picked(
          "narrow", [](V x) { return narrow(x, 0, 2, 3); }, {7}, {3}, [](I i) { return Shape{i[0] + 2}; }),
      picked(
          "narrow", [](V x) { return narrow(x, -2, 1, 2); }, {3, 5}, {2, 5},
          [](I i) {
            return Shape{i[0] + 1, i[1]};
          }),
      picked(
          "narrow", [](V x) { return narrow(x, 1, 4, 0); }, {3, 4}, {3, 0}, [](I i) { return i; }),
      picked(
          "select", [](V x) { return select(x, 1, 2); }, {3, 5, 2}, {3, 2},
          [](I i) {
            return Shape{i[0], 2, i[1]};
          }),
      picked(
          "select", [](V x) { return select(x, -1, -1); }, {3, 5}, {3},
          [](I i) {
            return Shape{i[0], 4};
          }),
      picked(
          "select", [](V x) { return select(x, 0, 3); }, {7}, {}, [](I) { return Shape{3}; }),
      picked(
          "expand",
          [](V x) {
            return expand(x, {4, 3, 5});
          },
          {3, 1}, {4, 3, 5},
          [](I i) {
            return Shape{i[1], 0};
          }),
      picked(
          "expand",
          [](V x) {
            return expand(x, {-1, 0});
          },
          {3, 1}, {3, 0}, [](I i) { return i; }),
      picked(
          "expand",
          [](V x) {
            return expand(x, {2, 3});
          },
          {}, {2, 3}, [](I) { return Shape{}; }),
      reshaped("squeeze", [](V x) { return squeeze(x, 1); }, {3, 1, 5}, {3, 5}),
      reshaped("squeeze", [](V x) { return squeeze(x, 0); }, {3, 5}, {3, 5}),
      reshaped("squeeze", [](V x) { return squeeze(x); }, {1, 3, 1, 1}, {3}),
      reshaped("squeeze", [](V x) { return squeeze(x); }, {1}, {}),
      reshaped("unsqueeze", [](V x) { return unsqueeze(x, 1); }, {3, 5}, {3, 1, 5}),
      reshaped("unsqueeze", [](V x) { return unsqueeze(x, -1); }, {}, {1}),
      reshaped("unsqueeze", [](V x) { return unsqueeze(x, 0); }, {0, 2}, {1, 0, 2}),
      reshaped("reshape",
               [](V x) {
                 return reshape(x, {5, -1});
               },
               {3, 5, 2}, {5, 6}),
      reshaped("reshape",
               [](V x) {
                 return reshape(x, {1, 1});
               },
               {}, {1, 1}),
      reshaped("reshape",
               [](V x) {
                 return reshape(x, {3, 0});
               },
               {0, 7}, {3, 0}),
      reshaped("flatten", [](V x) { return flatten(x); }, {2, 3, 4}, {24}),
      reshaped("flatten", [](V x) { return flatten(x, 1, -1); }, {2, 3, 4}, {2, 12}),
      reshaped("flatten", [](V x) { return flatten(x); }, {}, {1}),
  };
}

}  // namespace heed::test

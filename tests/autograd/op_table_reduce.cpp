// Rows of reductions.
#include <heed/autograd/reduce.h>

#include "support/op_table.h"
#include "support/reductions.h"

namespace heed::test {
namespace {

using Variables = std::vector<Variable>;
/// One row for each set of axes, and one for all elements.
std::vector<OpRow> rows_of(const ReductionRow<Variable>& reduction) {
  std::vector<OpRow> rows;
  const auto add = [&](const Dims& dims, bool keepdim, std::vector<Case> cases) {
    rows.push_back(row(
        reduction.op(), [=](const Variables& x) { return reduction.some(x[0], dims, keepdim); },
        [=](const Arrays& x) { return reduced<Line>(x[0], dims, keepdim, reduction.value); }, std::move(cases)));
  };
  const bool is_variance = reduction.op() == std::string("var") || reduction.op() == std::string("stddev");
  add({0}, false, {{{{7}}}, {{{3, 5}}}, {{{2, 0}}}, {{{3, 2, 4}}}});
  add({-1}, true, {{{{7}}}, {{{3, 5}}}, {{{0, 4}}}, {{{2, 3, 9}}}});
  add({2, 0}, false, {{{{3, 4, 5}}}, {{{2, 1, 3, 2}}}});
  add({0, 1, 2}, true, {{{{2, 3, 4}}}});
  if (!is_variance) {
    add({1}, false, {{{{3, 1, 4}}}});
  }
  if (!is_variance && !reduction.needs_elements) {
    add({0}, false, {{{{0, 3}}}, {{{0}}}});
  }
  if (reduction.all != nullptr) {
    rows.push_back(row(
        reduction.op(), [all = reduction.all](const Variables& x) { return all(x[0]); },
        [value = reduction.value](const Arrays& x) {
          return Array{{}, {static_cast<double>(value(line_of(x[0].values)))}};
        },
        {{{{2}}}, {{{3, 5}}}, {{{2, 3, 4}}}}));
    if (!is_variance) {
      rows.back().cases.insert(rows.back().cases.end(), {{{{}}}, {{{1}}}});
    }
  }
  return rows;
}

OpRow cumsum_row(int64_t dim, std::vector<Case> cases) {
  return row(
      "cumsum", [dim](const Variables& x) { return cumsum(x[0], dim); },
      [dim](const Arrays& x) {
        const int64_t axis = normalize_dim(dim, x[0].shape.rank(), "cumsum");
        return array_of(x[0].shape, [&](Shape index) {
          double sum = 0;
          for (int64_t i = index[axis]; i >= 0; --i) {
            index[axis] = i;
            sum += x[0].at(index);
          }
          return sum;
        });
      },
      std::move(cases));
}

OpRow sum_to_row(const Shape& shape, const Shape& input) {
  return row(
      "sum_to", [shape](const Variables& x) { return sum_to(x[0], shape); },
      [shape](const Arrays& x) {
        return array_of(shape, [&](const Shape& place) {
          double sum = 0;
          for_each_index(x[0].shape, [&](const Shape& index) {
            sum += broadcast_index(index, shape) == place ? x[0].at(index) : 0;
          });
          return sum;
        });
      },
      {{{input}}});
}

}  // namespace

std::vector<OpRow> reduce_rows() {
  std::vector<OpRow> rows{
      cumsum_row(0, {{{{7}}}, {{{3, 5}}}, {{{0, 2}}}}),
      cumsum_row(-1, {{{{3, 5}}}, {{{2, 1, 4}}}, {{{3, 0}}}}),
      sum_to_row({3, 1}, {3, 5}),
      sum_to_row({5}, {2, 3, 5}),
      sum_to_row({}, {2, 3}),
      sum_to_row({2, 3}, {2, 3}),
      sum_to_row({1, 3}, {0, 3}),
  };
  for (const ReductionRow<Variable>& reduction : reductions<Variable>()) {
    const std::vector<OpRow> more = rows_of(reduction);
    rows.insert(rows.end(), more.begin(), more.end());
  }
  return rows;
}

}  // namespace heed::test

// Rows of reductions.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <heed/autograd/reduce.h>

#include "support/op_table.h"

namespace heed::test {
namespace {

using Variables = std::vector<Variable>;
using Line = std::vector<double>;

/// f of the elements that differ only along `dims`.
template <class F>
Array reduced(const Array& x, const Dims& dims, bool keepdim, const F& f) {
  const Dims axes = normalize_dims(dims, x.shape.rank(), "reduced");
  Shape kept = x.shape, shape;
  for (int64_t axis = 0; axis < x.shape.rank(); ++axis) {
    if (axes.contains(axis)) {
      kept[axis] = 1;
    }
    if (!axes.contains(axis) || keepdim) {
      shape.push_back(kept[axis]);
    }
  }
  Array result = array_of(kept, [&](const Shape& place) {
    Line line;
    for_each_index(x.shape, [&](const Shape& index) {
      if (broadcast_index(index, kept) == place) {
        line.push_back(x.at(index));
      }
    });
    return f(line);
  });
  result.shape = shape;
  return result;
}

double sum_of(const Line& line) { return std::accumulate(line.begin(), line.end(), 0.0); }

double mean_of(const Line& line) { return sum_of(line) / static_cast<double>(line.size()); }

double squares_of(const Line& line) {
  const double mean = mean_of(line);
  double sum = 0;
  for (const double x : line) {
    sum += (x - mean) * (x - mean);
  }
  return sum;
}

double logsumexp_of(const Line& line) {
  double sum = 0;
  for (const double x : line) {
    sum += std::exp(x);
  }
  return std::log(sum);
}

using Reduction = Variable (*)(const Variable&, const Dims&, bool);
using WholeReduction = Variable (*)(const Variable&);

/// One row an axis set, and one for all elements. `empty`: also over axes of size 0.
std::vector<OpRow> rows_of(const char* name, Reduction some, WholeReduction all, double (*reference)(const Line&),
                           bool empty) {
  std::vector<OpRow> rows;
  const auto add = [&](const Dims& dims, bool keepdim, std::vector<Case> cases) {
    rows.push_back(row(
        name, [=](const Variables& x) { return some(x[0], dims, keepdim); },
        [=](const Arrays& x) { return reduced(x[0], dims, keepdim, reference); }, std::move(cases)));
  };
  add({0}, false, {{{{7}}}, {{{3, 5}}}, {{{2, 0}}}, {{{3, 1, 4}}}});
  add({-1}, true, {{{{7}}}, {{{3, 5}}}, {{{0, 4}}}, {{{2, 3, 9}}}});
  add({2, 0}, false, {{{{3, 4, 5}}}, {{{2, 1, 3, 2}}}});
  add({0, 1, 2}, true, {{{{2, 3, 4}}}});
  rows.push_back(row(
      name, [all](const Variables& x) { return all(x[0]); },
      [reference](const Arrays& x) {
        return Array{{}, {reference(x[0].values)}};
      },
      {{{{}}}, {{{1}}}, {{{3, 5}}}, {{{2, 3, 4}}}}));
  if (empty) {
    add({0}, false, {{{{0, 3}}}, {{{0}}}});
  }
  return rows;
}

OpRow variance_row(const Dims& dims, bool unbiased, bool keepdim, std::vector<Case> cases) {
  return row(
      "var", [=](const Variables& x) { return var(x[0], dims, unbiased, keepdim); },
      [=](const Arrays& x) {
        return reduced(x[0], dims, keepdim, [unbiased](const Line& line) {
          return squares_of(line) / (static_cast<double>(line.size()) - (unbiased ? 1 : 0));
        });
      },
      std::move(cases));
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
  std::vector<OpRow> rows;
  const auto append = [&rows](const std::vector<OpRow>& more) { rows.insert(rows.end(), more.begin(), more.end()); };
  append(rows_of("sum", &sum, &sum, &sum_of, true));
  append(rows_of("mean", &mean, &mean, &mean_of, true));
  append(rows_of(
      "max", &max, &max, [](const Line& line) { return *std::max_element(line.begin(), line.end()); }, false));
  append(rows_of(
      "min", &min, &min, [](const Line& line) { return *std::min_element(line.begin(), line.end()); }, false));
  append(rows_of("logsumexp", &logsumexp, &logsumexp, &logsumexp_of, true));
  append({
      variance_row({0}, true, false, {{{{7}}}, {{{3, 5}}}, {{{2, 3, 2}}}}),
      variance_row({-1, 0}, false, true, {{{{3, 5}}}, {{{2, 3, 4}}}}),
      variance_row({0, 1}, true, false, {{{{3, 5}}}}),
      row(
          "var", [](const Variables& x) { return var(x[0]); },
          [](const Arrays& x) {
            return Array{{}, {squares_of(x[0].values) / static_cast<double>(x[0].values.size() - 1)}};
          },
          {{{{2}}}, {{{3, 5}}}}),
      cumsum_row(0, {{{{7}}}, {{{3, 5}}}, {{{0, 2}}}}),
      cumsum_row(-1, {{{{3, 5}}}, {{{2, 1, 4}}}, {{{3, 0}}}}),
      sum_to_row({3, 1}, {3, 5}),
      sum_to_row({5}, {2, 3, 5}),
      sum_to_row({}, {2, 3}),
      sum_to_row({2, 3}, {2, 3}),
      sum_to_row({1, 3}, {0, 3}),
  });
  return rows;
}

}  // namespace heed::test

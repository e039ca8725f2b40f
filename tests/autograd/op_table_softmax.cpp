// Rows of softmax and what is computed with it.
#include <algorithm>
#include <cmath>

#include <heed/autograd/softmax.h>

#include "support/op_table.h"

namespace heed::test {
namespace {

using Variables = std::vector<Variable>;

/// softmax along `axis` of the places where `visible(index)`; elsewhere and in rows without any, 0.
template <class F>
Array softmax_reference(const Array& x, int64_t axis, const F& visible) {
  return array_of(x.shape, [&](const Shape& index) {
    double total = 0;
    for (Shape place = index, i = {0}; i[0] < x.shape[axis]; ++i[0]) {
      place[axis] = i[0];
      total += visible(place) ? std::exp(x.at(place)) : 0;
    }
    return visible(index) ? std::exp(x.at(index)) / total : 0;
  });
}

OpRow softmax_row(int64_t dim, int64_t axis, std::vector<Case> cases) {
  return row(
      "softmax", [dim](const Variables& x) { return softmax(x[0], dim); },
      [axis](const Arrays& x) { return softmax_reference(x[0], axis, [](const Shape&) { return true; }); },
      std::move(cases));
}

OpRow log_softmax_row(int64_t dim, int64_t axis, std::vector<Case> cases) {
  return row(
      "log_softmax", [dim](const Variables& x) { return log_softmax(x[0], dim); },
      [axis](const Arrays& x) {
        Array y = softmax_reference(x[0], axis, [](const Shape&) { return true; });
        std::transform(y.values.begin(), y.values.end(), y.values.begin(), [](double p) { return std::log(p); });
        return y;
      },
      std::move(cases));
}

Array masked_reference(const Arrays& x) {
  return softmax_reference(x[0], x[0].shape.rank() - 1,
                           [&](const Shape& place) { return x[1].at(broadcast_index(place, x[1].shape)) == 0; });
}

/// Every target equal to options.ignore_index is ignored.
Array cross_entropy_reference(const Arrays& x, const CrossEntropyOptions& options) {
  const int64_t rows = x[0].shape[0], classes = x[0].shape[1];
  Array losses{{rows}, {}};
  double total = 0, counted = 0;
  for (int64_t n = 0; n < rows; ++n) {
    const auto target = static_cast<int64_t>(x[1].at({n}));
    double sum = 0, loss = 0;
    for (int64_t c = 0; c < classes; ++c) {
      sum += std::exp(x[0].at({n, c}));
    }
    for (int64_t c = 0; c < classes; ++c) {
      const double wanted =
          options.label_smoothing / static_cast<double>(classes) + (c == target ? 1 - options.label_smoothing : 0);
      loss -= wanted * (x[0].at({n, c}) - std::log(sum));
    }
    losses.values.push_back(target == options.ignore_index ? 0 : loss);
    total += losses.values.back();
    counted += target == options.ignore_index ? 0 : 1;
  }
  if (options.reduction == Reduction::none) {
    return losses;
  }
  return {{}, {options.reduction == Reduction::sum ? total : total / counted}};
}

void add_cross_entropy_rows(std::vector<OpRow>& rows, const CrossEntropyOptions& options,
                            const std::vector<Case>& cases) {
  const auto reference = [options](const Arrays& x) { return cross_entropy_reference(x, options); };
  rows.push_back(row(
      "cross_entropy", [options](const Variables& x) { return cross_entropy(x[0], x[1].value(), options); }, reference,
      cases));
  rows.push_back(row(
      "cross_entropy_composite",
      [options](const Variables& x) { return cross_entropy_composite(x[0], x[1].value(), options); }, reference,
      cases));
}

}  // namespace

std::vector<OpRow> softmax_rows() {
  std::vector<OpRow> rows{
      softmax_row(-1, 1, {{{{3, 5}}}, {{{1, 1}}}, {{{2, 0}}}, {{{0, 3}}}, {{{2, 33}, -9, 9}}}),
      softmax_row(0, 0, {{{{7}}}, {{{3, 5}}}, {{{3, 2, 4}}}}),
      softmax_row(1, 1, {{{{2, 5, 3}}}}),
      log_softmax_row(-1, 1, {{{{3, 5}}}, {{{1, 1}}}, {{{0, 3}}}, {{{2, 33}, -9, 9}}}),
      log_softmax_row(0, 0, {{{{7}}}, {{{3, 5}}}, {{{3, 2, 4}}}}),
      row("masked_softmax", [](const Variables& x) { return masked_softmax(x[0], x[1].value()); }, &masked_reference,
          {{{{3, 5}}, hidden({3, 5})},
           {{{2, 3, 5}}, hidden({2, 1, 5})},
           {{{4, 3}}, hidden({4, 1})},
           {{{7}}, hidden({7})},
           {{{2, 0}}, hidden({2, 0})},
           {{{2, 9}}, hidden({})}}),
  };
  const std::vector<Case> cases{
      {{{6, 5}}, indices({6}, 5)}, {{{1, 3}}, indices({1}, 3)}, {{{3, 11}, -9, 9}, indices({3}, 11)}};
  add_cross_entropy_rows(rows, {}, cases);
  add_cross_entropy_rows(rows, {.reduction = Reduction::sum}, cases);
  add_cross_entropy_rows(rows, {.reduction = Reduction::none}, cases);
  add_cross_entropy_rows(rows, {.ignore_index = 1}, {{{{9, 3}}, indices({9}, 3)}});
  add_cross_entropy_rows(rows, {.ignore_index = 0, .label_smoothing = 0.2}, {{{{9, 3}}, indices({9}, 3)}});
  add_cross_entropy_rows(rows, {.ignore_index = 2, .label_smoothing = 0.1, .reduction = Reduction::none},
                         {{{{9, 3}}, indices({9}, 3)}, {{{0, 3}}, indices({0}, 3)}});
  add_cross_entropy_rows(rows, {.label_smoothing = 0.1, .reduction = Reduction::sum}, {{{{0, 3}}, indices({0}, 3)}});
  return rows;
}

}  // namespace heed::test

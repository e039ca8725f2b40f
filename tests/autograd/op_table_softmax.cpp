// Rows of softmax and what is computed with it.
#include <heed/autograd/detail/composites.h>

#include "support/lines.h"
#include "support/op_table.h"

namespace heed::test {
namespace {

using Variables = std::vector<Variable>;

OpRow softmax_row(int64_t dim, int64_t axis, std::vector<Case> cases) {
  return row(
      "softmax", [dim](const Variables& x) { return softmax(x[0], dim); },
      [axis](const Arrays& x) { return along<Line>(x, axis, [](const auto& lines) { return softmax_of(lines[0]); }); },
      std::move(cases));
}

OpRow log_softmax_row(int64_t dim, int64_t axis, std::vector<Case> cases) {
  return row(
      "log_softmax", [dim](const Variables& x) { return log_softmax(x[0], dim); },
      [axis](const Arrays& x) {
        return along<Line>(x, axis, [](const auto& lines) { return log_softmax_of(lines[0]); });
      },
      std::move(cases));
}

Array masked_reference(const Arrays& x) {
  const Array mask =
      array_of(x[0].shape, [&](const Shape& index) { return x[1].at(broadcast_index(index, x[1].shape)); });
  return along<Line>({x[0], mask}, x[0].shape.rank() - 1,
                     [](const auto& lines) { return softmax_of(lines[0], lines[1]); });
}

/// Every target equal to options.ignore_index is ignored.
Array cross_entropy_reference(const Arrays& x, const CrossEntropyOptions& options) {
  const int64_t rows = x[0].shape[0], classes = x[0].shape[1];
  Array losses{{rows}, {}};
  double total = 0, counted = 0;
  for (int64_t n = 0; n < rows; ++n) {
    const auto target = static_cast<int64_t>(x[1].at({n}));
    Line logits;
    for (int64_t c = 0; c < classes; ++c) {
      logits.push_back(x[0].at({n, c}));
    }
    const auto loss = static_cast<double>(cross_entropy_of(logits, target, options.label_smoothing));
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

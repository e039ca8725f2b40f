// Rows of layer normalisation.
#include <heed/autograd/detail/composites.h>

#include "support/lines.h"
#include "support/op_table.h"

namespace heed::test {
namespace {

using Variables = std::vector<Variable>;
constexpr double kEps = 1e-3;

/// x, then weight and bias where given, each of the shape of the last `axes` axes.
Array layer_norm_reference(const Arrays& x, int64_t axes) {
  const auto rows = [axes](Array each) {
    int64_t size = 1;
    for (int64_t i = 0; i < axes; ++i) {
      size *= each.shape[each.shape.rank() - 1 - i];
    }
    each.shape = {static_cast<int64_t>(each.values.size()) / size, size};
    return each;
  };
  const auto parameter = [&x](size_t i) { return x.size() > i ? line_of(x[i].values) : Line(); };
  Array y = along<Line>({rows(x[0])}, 1, [&](const auto& lines) {
    return NormOfLine(lines[0], kEps).scaled(parameter(1), parameter(2));
  });
  y.shape = x[0].shape;
  return y;
}

using LayerNorm = Variable (*)(const Variable&, int64_t, const Variable&, const Variable&, double);

void add_rows(std::vector<OpRow>& rows, const char* name, LayerNorm function) {
  const auto add = [&](int64_t axes, std::vector<Case> cases) {
    rows.push_back(row(
        name,
        [=](const Variables& x) {
          return function(x[0], axes, x.size() > 1 ? x[1] : Variable(), x.size() > 2 ? x[2] : Variable(), kEps);
        },
        [axes](const Arrays& x) { return layer_norm_reference(x, axes); }, std::move(cases)));
  };
  add(1, {{{{3, 5}}, {{5}}, {{5}}},
          {{{2, 3, 7}}, {{7}}, {{7}}},
          {{{7}}, {{7}}, {{7}}},
          {{{3, 5}}, {{5}}},
          {{{3, 5}}},
          {{{0, 5}}, {{5}}, {{5}}},
          {{{2, 33}}, {{33}}, {{33}}}});
  add(2, {{{{2, 3, 5}}, {{3, 5}}, {{3, 5}}}, {{{3, 2}}}});
}

}  // namespace

std::vector<OpRow> norm_rows() {
  std::vector<OpRow> rows;
  add_rows(rows, "layer_norm", &layer_norm);
  add_rows(rows, "layer_norm_composite", &layer_norm_composite);
  return rows;
}

}  // namespace heed::test

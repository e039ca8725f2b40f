// Rows of layer normalisation and of normalisation by the root of the mean square.
#include <heed/autograd/detail/composites.h>
#include <heed/autograd/rms_norm.h>
#include <heed/tensor/detail/rms_norm.h>

#include "support/lines.h"
#include "support/op_table.h"

namespace heed::test {
namespace {

using Variables = std::vector<Variable>;
constexpr double kEps = 1e-3;

/// x, then weight and bias where given, each of the shape of the last `axes` axes.
Array norm_reference(const Arrays& x, int64_t axes, double eps, bool centred) {
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
    return NormOfLine(lines[0], eps, centred).scaled(parameter(1), parameter(2));
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
        [axes](const Arrays& x) { return norm_reference(x, axes, kEps, true); }, std::move(cases)));
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

OpRow rms_row(const char* name, bool composite, int64_t axes, std::optional<double> eps, std::vector<Case> cases) {
  return row(
      name,
      [=](const Variables& x) {
        const Variable weight = x.size() > 1 ? x[1] : Variable();
        return composite ? rms_norm_composite(x[0], axes, weight, rms_norm_eps(eps, x[0].dtype()))
                         : rms_norm(x[0], axes, weight, eps);
      },
      [=](const Arrays& x) { return norm_reference(x, axes, rms_norm_eps(eps, DType::float64), false); },
      std::move(cases));
}

}  // namespace

std::vector<OpRow> norm_rows() {
  std::vector<OpRow> rows;
  add_rows(rows, "layer_norm", &layer_norm);
  add_rows(rows, "layer_norm_composite", &layer_norm_composite);
  for (const bool composite : {false, true}) {
    const char* const name = composite ? "rms_norm_composite" : "rms_norm";
    rows.push_back(rms_row(
        name, composite, 1, kEps,
        {{{{3, 5}}}, {{{3, 5}}, {{5}}}, {{{2, 3, 4}}, {{4}}}, {{{7}}, {{7}}}, {{{0, 5}}, {{5}}}, {{{2, 33}}, {{33}}}}));
    rows.push_back(rms_row(name, composite, 2, std::nullopt, {{{{2, 3, 4}}, {{3, 4}}}, {{{3, 4}}}}));
  }
  return rows;
}

}  // namespace heed::test

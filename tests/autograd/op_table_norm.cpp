// Rows of layer normalisation.
#include <cmath>

#include <heed/autograd/norm.h>

#include "support/op_table.h"

namespace heed::test {
namespace {

using Variables = std::vector<Variable>;
constexpr double kEps = 1e-3;

/// x, then weight and bias where given, each of the shape of the last `axes` axes.
Array layer_norm_reference(const Arrays& x, int64_t axes) {
  Array y = x[0];
  size_t size = 1;
  for (int64_t axis = y.shape.rank() - axes; axis < y.shape.rank(); ++axis) {
    size *= static_cast<size_t>(y.shape[axis]);
  }
  for (size_t begin = 0; begin < y.values.size(); begin += size) {
    double mean = 0, variance = 0;
    for (size_t i = 0; i < size; ++i) {
      mean += y.values[begin + i] / static_cast<double>(size);
    }
    for (size_t i = 0; i < size; ++i) {
      variance += std::pow(y.values[begin + i] - mean, 2) / static_cast<double>(size);
    }
    for (size_t i = 0; i < size; ++i) {
      double& value = y.values[begin + i];
      value = (value - mean) / std::sqrt(variance + kEps);
      value = (x.size() > 1 ? x[1].values[i] : 1) * value + (x.size() > 2 ? x[2].values[i] : 0);
    }
  }
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

// An attention map is a MatrixFigure of values from 0.
#include "figure/attention_map.h"

#include <heed/tensor/error.h>

#include "matrix_figure.h"

namespace heed::figure {

void AttentionMap::save(const std::string& path) const {
  check(!panels.empty(), "AttentionMap", "needs at least one panel");
  MatrixFigure figure{title, output_title, source_title, value_title, 0, high, {}};
  for (const AttentionPanel& panel : panels) {
    MatrixPanel matrix = matrix_panel("AttentionMap", panel.weights, panel.output, panel.source);
    check(panel.wrong.empty() || static_cast<int64_t>(panel.wrong.size()) == matrix.rows, "AttentionMap",
          "needs as many marks as output tokens: got ", panel.wrong.size(), " for ", matrix.rows);
    matrix.wrong_rows = panel.wrong;
    matrix.subtitle = panel.subtitle;
    figure.panels.push_back(std::move(matrix));
  }
  save_drawing(drawing_of(figure), path);
}

}  // namespace heed::figure

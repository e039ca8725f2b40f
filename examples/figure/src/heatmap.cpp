// A heatmap is a MatrixFigure of one panel whose range comes from its values.
#include "figure/heatmap.h"

#include <algorithm>
#include <cmath>

#include <heed/tensor/error.h>

#include "matrix_figure.h"

namespace heed::figure {

void Heatmap::save(const std::string& path) const {
  const MatrixPanel panel = matrix_panel("Heatmap", values, row_labels, column_labels);
  double smallest = INFINITY;
  double largest = -INFINITY;
  for (const double value : panel.values) {
    if (std::isfinite(value)) {
      smallest = std::min(smallest, value);
      largest = std::max(largest, value);
    }
  }
  MatrixFigure figure{title, row_title, column_title, value_title, 0, 1, {panel}};
  if (smallest <= largest) {
    figure.low = smallest;
    figure.high = largest > smallest ? largest : smallest + 1;
  }
  figure.low = low.value_or(figure.low);
  figure.high = high.value_or(figure.high);
  check(std::isfinite(figure.low) && std::isfinite(figure.high) && figure.low < figure.high, "Heatmap",
        "needs a finite range with low < high, got ", figure.low, " … ", figure.high);
  save_drawing(drawing_of(figure), path);
}

}  // namespace heed::figure

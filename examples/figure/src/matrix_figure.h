// MatrixFigure: matrices as coloured cells with labels on both axes, side by side, and one colour bar. The attention
// map and the heatmap are made of it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <heed/tensor/tensor.h>

#include "drawing.h"

namespace heed::figure {

struct MatrixPanel {
  std::string subtitle;
  int64_t rows = 0;
  int64_t columns = 0;
  std::vector<double> values;              ///< row-major
  std::vector<std::string> row_labels;     ///< empty for numbers from 0, of which some may be left out
  std::vector<std::string> column_labels;  ///< likewise
  std::vector<bool> wrong_rows;            ///< whose labels are marked as wrong; may be empty
};

struct MatrixFigure {
  std::string title;
  std::string row_title;
  std::string column_title;
  std::string value_title;
  double low = 0;   ///< the value of viridis' violet
  double high = 1;  ///< the value of its yellow
  std::vector<MatrixPanel> panels;
};

/// A panel of a matrix. Throws ValueError that starts with `op` when the
/// matrix is not of rank 2, has no elements, or the numbers of labels do not fit.
MatrixPanel matrix_panel(std::string_view op, const Tensor& matrix, const std::vector<std::string>& row_labels,
                         const std::vector<std::string>& column_labels);

Drawing drawing_of(const MatrixFigure& figure);

}  // namespace heed::figure

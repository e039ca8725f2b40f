// Heatmap: any matrix as coloured cells.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <heed/tensor/tensor.h>

namespace heed::figure {

struct Heatmap {
  std::string title;
  Tensor values;                           ///< rank 2; NaN is grey
  std::vector<std::string> row_labels;     ///< empty for numbers
  std::vector<std::string> column_labels;  ///< empty for numbers
  std::string row_title = {};
  std::string column_title = {};
  std::string value_title = {};
  std::optional<double> low = {};  ///< the range of the colour bar; the smallest and largest finite values unless given
  std::optional<double> high = {};

  /// Writes a PNG or an SVG, by the ending of `path`. Throws ValueError for a matrix without elements, labels that do
  /// not fit and an empty range; FileError if the file cannot be written.
  void save(const std::string& path) const;
};

}  // namespace heed::figure

// LineChart: named series over a numeric x, with markers, and a band or bars for their spread.
#pragma once

#include <string>
#include <vector>

#include "figure/ticks.h"

namespace heed::figure {

struct Series {
  std::string name;
  std::vector<double> x;
  std::vector<double> y;          ///< as many as x; NaN makes a gap
  std::vector<double> low = {};   ///< lower end of the spread, or none
  std::vector<double> high = {};  ///< upper end
  bool dashed = false;            ///< for what is not final; lines that coincide have dashes in any case
};

/// A position on the x axis marked by a dashed line, such as "longest training length".
struct VerticalLine {
  double x = 0;
  std::string label;
};

enum class Spread { band, bars };

struct LineChart {
  std::string title;
  std::string x_title;
  std::string y_title;
  std::vector<Series> series;
  NumberFormat y_format = NumberFormat::plain;  ///< percent: y is 0 … 1 and the axis is all of 0% to 100%
  bool log_x = false;
  bool log_y = false;
  Spread spread = Spread::band;
  std::vector<VerticalLine> lines = {};

  /// Writes a PNG or an SVG, by the ending of `path`. Throws ValueError if there is no finite point to draw, if the
  /// lists of a series differ in length, or for values a logarithmic axis cannot show; FileError if the file cannot be
  /// written.
  void save(const std::string& path) const;
};

}  // namespace heed::figure

// LineChart: named series over a number, with markers, and a band or bars for their spread.
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
};

/// A place on the x axis worth a dashed line, as "longest trained length".
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

  /// Writes a PNG or an SVG, as the end of `path` says. Throws ValueError when there is no finite point to draw, when
  /// a series' lists differ in length, or for values a logarithmic axis cannot show; FileError when the file cannot be
  /// written.
  void save(const std::string& path) const;
};

}  // namespace heed::figure

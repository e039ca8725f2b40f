// The layout of a LineChart: axes, ticks, names at the ends of lines.
#pragma once

#include <string>
#include <vector>

#include "drawing.h"
#include "figure/line_chart.h"

namespace heed::figure {

/// Ticks of one axis as they will be drawn.
struct TickRow {
  std::vector<double> values;
  std::vector<std::string> labels;
};

/// A series' name at the right, and the point its line ends at.
struct EndLabel {
  size_t series = 0;
  std::string text;
  Point end;
  double y = 0;  ///< of the text
};

/// A dashed line's label above the plot.
struct LineLabel {
  Point at;
  std::string text;
};

struct ChartLayout {
  double width = 0;
  double height = 0;
  std::vector<std::string> title_lines;
  Axis x;
  Axis y;
  TickRow x_ticks;
  TickRow y_ticks;
  double tick_label_width = 0;  ///< of the y axis
  double top = 0;               ///< of the plot
  std::vector<EndLabel> end_labels;
  std::vector<LineLabel> line_labels;
  std::vector<std::vector<Point>> points;  ///< of each series; NaN where it has a gap
};

/// Throws ValueError as LineChart::save says.
ChartLayout layout_of(const LineChart& chart);

namespace chart {
inline constexpr double kMargin = 18;
inline constexpr double kLineHeight = 20;
inline constexpr double kEndLabelGap = 34;    ///< from the plot to the names
inline constexpr double kNameMarkerGap = 11;  ///< from the markers in front of names to the names
inline constexpr TextStyle kTitleStyle{.size = 15, .bold = true};
inline constexpr TextStyle kAxisTitleStyle{.size = 12};
inline constexpr TextStyle kTickStyle{.size = 11};
inline constexpr TextStyle kNameStyle{.size = 12, .anchor = Anchor::start};
inline constexpr TextStyle kNoteStyle{.size = 11, .color = kFaintInk};
}  // namespace chart

}  // namespace heed::figure

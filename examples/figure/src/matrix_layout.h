// The layout of a MatrixFigure: cell sizes with readable labels, margins, rows of panels.
#pragma once

#include <string>
#include <vector>

#include "matrix_figure.h"

namespace heed::figure {

/// Labels along one side of a panel, as they will be drawn.
struct SideLabels {
  std::vector<std::string> texts;  ///< shortened; empty where one is left out
  double size = 11;                ///< of the text
  double degrees = 0;              ///< of columns: 0, -45 or -90
  double extent = 0;               ///< room that they need beside the cells
  double overhang = 0;             ///< room they take beyond the last column
};

struct PanelLayout {
  Point corner;  ///< of the first cell
  double cell_width = 0;
  double cell_height = 0;
  double width = 0;  ///< of all cells
  double height = 0;
  bool has_values = false;  ///< whether there is room for numbers in the cells
  SideLabels rows;
  SideLabels columns;
};

struct MatrixLayout {
  double width = 0;
  double height = 0;
  std::vector<std::string> title_lines;
  std::vector<PanelLayout> panels;  ///< one per panel of the figure
  Point bar;                        ///< the colour bar's corner
  double bar_height = 0;
  double bar_title_x = 0;
  std::vector<double> bar_ticks;
  std::vector<std::string> bar_labels;
  double note_y = 0;  ///< of the note on wrong rows; 0 when there are none
};

MatrixLayout layout_of(const MatrixFigure& figure);

inline constexpr double kMargin = 18;
inline constexpr double kBarWidth = 14;
inline constexpr double kBarLabelGap = 6;
inline constexpr double kLineHeight = 20;  ///< of titles
inline constexpr double kRowTitleWidth = 24;
inline constexpr double kLabelGap = 5;  ///< between labels and cells
inline constexpr TextStyle kTitleStyle{.size = 15, .bold = true};
inline constexpr TextStyle kSubtitleStyle{.size = 12.5, .bold = true};
inline constexpr TextStyle kAxisTitleStyle{.size = 12};
inline constexpr TextStyle kTickStyle{.size = 11};
inline constexpr TextStyle kNoteStyle{.size = 11, .anchor = Anchor::start, .color = kErrorInk};
inline constexpr const char* kWrongMark = "✗ ";

}  // namespace heed::figure

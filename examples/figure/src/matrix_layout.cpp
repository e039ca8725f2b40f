// Computes sizes from the inside out: cells, labels, panels, rows of panels, the figure.
#include "matrix_layout.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "figure/ticks.h"
#include "label.h"

namespace heed::figure {

namespace {

constexpr double kLargestCell = 44;
constexpr double kSmallestCell = 9.5;  // A label of 8 points fits.
constexpr double kValueCell = 31;      // "0.97" fits.
constexpr double kLongestLabel = 96;
constexpr double kPanelGap = 30;
constexpr double kBarGap = 26;
constexpr size_t kPanelsInRow = 4;

/// Half points, so that cells are whole pixels at twice the size.
double side_of_cell(int64_t count, double room) {
  const double size = room / static_cast<double>(count);
  if (count > 70) {
    return std::max(2.0, std::floor(size));  // some labels are left out
  }
  return std::clamp(std::round(size * 2) / 2, kSmallestCell, kLargestCell);
}

double label_size(double cell) { return std::clamp(cell * 0.72, 8.0, 12.0); }

/// A label is drawn every so many cells, so that each has `needed` room.
int64_t label_stride(double cell, double needed) {
  for (const int64_t stride : {1, 2, 5, 10, 20, 50, 100, 200, 500}) {
    if (cell * static_cast<double>(stride) >= needed) {
      return stride;
    }
  }
  return 1000;
}

/// Labels of one side, every stride-th of them; the others are empty.
std::vector<std::string> side_texts(const std::vector<std::string>& labels, int64_t count, int64_t stride) {
  std::vector<std::string> texts(static_cast<size_t>(count));
  for (int64_t i = 0; i < count; i += stride) {
    texts[static_cast<size_t>(i)] = labels.empty() ? std::to_string(i) : printable(labels[static_cast<size_t>(i)]);
  }
  return texts;
}

SideLabels row_labels(const MatrixPanel& panel, double cell) {
  SideLabels labels;
  labels.size = label_size(cell);
  const int64_t stride = label_stride(cell, labels.size * (panel.row_labels.empty() ? 2 : 1.15));
  labels.texts = side_texts(panel.row_labels, panel.rows, cell >= 14 ? 1 : stride);
  for (size_t row = 0; row < labels.texts.size(); ++row) {
    const bool is_wrong = !panel.wrong_rows.empty() && panel.wrong_rows[row];
    const TextStyle style{.size = labels.size, .bold = is_wrong};
    std::string& text = labels.texts[row];
    if (is_wrong && !text.empty()) {
      text.insert(0, kWrongMark);
    }
    text = shortened(text, kLongestLabel, style);
    labels.extent = std::max(labels.extent, text_width(text, style));
  }
  return labels;
}

SideLabels column_labels(const MatrixPanel& panel, double cell) {
  SideLabels labels;
  labels.size = label_size(cell);
  const TextStyle style{.size = labels.size};
  const bool are_numbers = panel.column_labels.empty();
  const double widest_number = text_width(std::to_string(panel.columns - 1), style);
  const int64_t stride = label_stride(cell, are_numbers ? widest_number + 6 : labels.size * 1.15);
  labels.texts = side_texts(panel.column_labels, panel.columns, stride);
  std::vector<double> widths;
  for (std::string& text : labels.texts) {
    text = shortened(text, kLongestLabel, style);
    widths.push_back(text_width(text, style));
  }
  const double widest = *std::max_element(widths.begin(), widths.end());
  labels.extent = labels.size;
  if (widest > cell * static_cast<double>(stride) - 1.5) {
    const bool has_room = cell >= 17;
    labels.degrees = has_room ? -45 : -90;
    labels.extent = has_room ? (widest + labels.size) / std::numbers::sqrt2 : widest;
    for (size_t i = 0; has_room && i < widths.size(); ++i) {
      const double to_edge = cell * (static_cast<double>(widths.size() - i) - 0.5);
      labels.overhang = std::max(labels.overhang, widths[i] / std::numbers::sqrt2 - to_edge);
    }
  }
  return labels;
}

struct CellSize {
  double width = 0;
  double height = 0;
};

/// The same for all panels, and as square as possible, so that a diagonal looks like one.
CellSize cell_size_of(const MatrixFigure& figure, double room) {
  int64_t rows = 1;
  int64_t columns = 1;
  for (const MatrixPanel& panel : figure.panels) {
    rows = std::max(rows, panel.rows);
    columns = std::max(columns, panel.columns);
  }
  const double widest = side_of_cell(columns, room);
  const double highest = side_of_cell(rows, room);
  // With many rows or columns the cells are small, but the labels of the other side still need room.
  return {std::min(widest, std::max(kSmallestCell, std::round(3 * highest) / 2)),
          std::min(highest, std::max(kSmallestCell, std::round(3 * widest) / 2))};
}

PanelLayout panel_layout(const MatrixPanel& panel, CellSize cell) {
  PanelLayout layout;
  layout.cell_width = cell.width;
  layout.cell_height = cell.height;
  layout.width = cell.width * static_cast<double>(panel.columns);
  layout.height = cell.height * static_cast<double>(panel.rows);
  layout.has_values = std::min(cell.width, cell.height) >= kValueCell;
  layout.rows = row_labels(panel, cell.height);
  layout.columns = column_labels(panel, cell.width);
  return layout;
}

/// Room left of the cells: title and labels.
double left_of(const MatrixFigure& figure, const PanelLayout& panel) {
  return (figure.row_title.empty() ? 0 : kRowTitleWidth) + panel.rows.extent + kLabelGap;
}

/// Places panels first … last side by side from `top` on; returns where the row ends.
double place_row(const MatrixFigure& figure, MatrixLayout& layout, size_t first, size_t last, double top) {
  double above = 0;
  bool has_subtitle = false;
  for (size_t i = first; i < last; ++i) {
    above = std::max(above, layout.panels[i].columns.extent + kLabelGap);
    has_subtitle = has_subtitle || !figure.panels[i].subtitle.empty();
  }
  above += (figure.column_title.empty() ? 0 : kLineHeight) + (has_subtitle ? kLineHeight : 0);
  double x = kMargin;
  double bottom = top;
  for (size_t i = first; i < last; ++i) {
    PanelLayout& panel = layout.panels[i];
    const double left = x + left_of(figure, panel);
    panel.corner = {std::ceil(left), std::ceil(top + above)};
    // A subtitle wider than the cells pushes the next panel away.
    const double subtitle = text_width(figure.panels[i].subtitle, kSubtitleStyle);
    const double right = panel.width + std::max(panel.columns.overhang, (subtitle - panel.width) / 2);
    x = panel.corner.x + right + (i + 1 < last ? kPanelGap : 0);
    bottom = std::max(bottom, panel.corner.y + panel.height);
  }
  layout.width = std::max(layout.width, x);
  return bottom;
}

bool has_wrong_rows(const MatrixFigure& figure) {
  return std::any_of(figure.panels.begin(), figure.panels.end(), [](const MatrixPanel& panel) {
    return std::find(panel.wrong_rows.begin(), panel.wrong_rows.end(), true) != panel.wrong_rows.end();
  });
}

/// Places the colour bar right of all panels, and widens the figure by it.
void place_bar(const MatrixFigure& figure, MatrixLayout& layout) {
  layout.bar.x = std::ceil(layout.width + kBarGap);
  layout.bar_ticks = linear_ticks(figure.low, figure.high, 6);
  layout.bar_labels = tick_labels(layout.bar_ticks, NumberFormat::plain);
  double right = 0;
  for (const std::string& label : layout.bar_labels) {
    right = std::max(right, text_width(label, kTickStyle));
  }
  right += layout.bar.x + kBarWidth + kBarLabelGap;
  if (!figure.value_title.empty()) {
    right += kRowTitleWidth;
    layout.bar_title_x = right - kAxisTitleStyle.size / 2;
  }
  layout.width = std::ceil(right + kMargin);
}

}  // namespace

MatrixLayout layout_of(const MatrixFigure& figure) {
  MatrixLayout layout;
  const size_t count = figure.panels.size();
  const size_t in_row = std::min(count, kPanelsInRow);
  const double room = in_row == 1 ? 540 : in_row == 2 ? 420 : 320;
  const CellSize cell = cell_size_of(figure, room);
  for (const MatrixPanel& panel : figure.panels) {
    layout.panels.push_back(panel_layout(panel, cell));
  }

  const auto place_all = [&](double top) {
    for (size_t first = 0; first < count; first += in_row) {
      top = place_row(figure, layout, first, std::min(count, first + in_row), top);
      top += first + in_row < count ? kPanelGap : 0;
    }
    return top;
  };
  place_all(0);  // For the width that titles have.
  place_bar(figure, layout);
  layout.title_lines = wrapped(printable(figure.title), layout.width - 2 * kMargin, kTitleStyle);
  const double title_height =
      layout.title_lines.empty() ? 0 : 8 + kLineHeight * static_cast<double>(layout.title_lines.size());
  const double bottom_of_cells = place_all(kMargin + title_height);

  const PanelLayout& first = layout.panels.front();
  layout.bar.y = first.corner.y;
  layout.bar_height = std::clamp(first.height, 96.0, 320.0);
  double bottom = std::max(bottom_of_cells, layout.bar.y + layout.bar_height);
  if (has_wrong_rows(figure)) {
    layout.note_y = bottom_of_cells + kLineHeight;
    bottom = std::max(bottom, layout.note_y + 2);
  }
  layout.height = std::ceil(bottom + kMargin);
  return layout;
}

}  // namespace heed::figure

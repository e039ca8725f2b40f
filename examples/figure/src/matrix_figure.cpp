// Draws a MatrixFigure by its layout.
#include "matrix_figure.h"

#include <algorithm>
#include <cmath>

#include <heed/tensor/create.h>
#include <heed/tensor/error.h>

#include "figure/ticks.h"
#include "label.h"
#include "matrix_layout.h"

namespace heed::figure {

namespace {

void check_labels(std::string_view op, const std::vector<std::string>& labels, int64_t count, const char* side) {
  check(labels.empty() || static_cast<int64_t>(labels.size()) == count, op, "needs a label for each ", side, ": got ",
        labels.size(), " for ", count);
}

/// Digits by the size of the number: 0.97, 12.3, 456.
std::string value_text(double value, double largest) {
  return fixed(value, largest >= 100 ? 0 : largest >= 10 ? 1 : 2);
}

class Painter {
 public:
  Painter(const MatrixFigure& figure, const MatrixLayout& layout, Canvas& canvas)
      : figure_(figure), layout_(layout), canvas_(canvas) {}

  void paint() {
    Point at{layout_.width / 2, kMargin + kLineHeight / 2};
    for (const std::string& line : layout_.title_lines) {
      canvas_.text(at, line, kTitleStyle);
      at.y += kLineHeight;
    }
    for (size_t i = 0; i < figure_.panels.size(); ++i) {
      paint_cells(figure_.panels[i], layout_.panels[i]);
      paint_rows(figure_.panels[i], layout_.panels[i]);
      paint_columns(figure_.panels[i], layout_.panels[i]);
    }
    paint_bar();
    if (layout_.note_y > 0) {
      canvas_.text({kMargin, layout_.note_y}, std::string(kWrongMark) + "wrong output", kNoteStyle);
    }
  }

 private:
  void paint_cells(const MatrixPanel& panel, const PanelLayout& place) {
    const double largest = std::max(std::abs(figure_.low), std::abs(figure_.high));
    for (int64_t i = 0; i < panel.rows * panel.columns; ++i) {
      const int64_t row = i / panel.columns, column = i % panel.columns;
      const double value = panel.values[static_cast<size_t>(i)];
      const Color color = viridis((value - figure_.low) / (figure_.high - figure_.low));
      const Point corner{place.corner.x + place.cell_width * static_cast<double>(column),
                         place.corner.y + place.cell_height * static_cast<double>(row)};
      canvas_.rectangle(corner, place.cell_width, place.cell_height, color);
      if (place.has_values && std::isfinite(value)) {
        const double size = std::min(11.0, place.cell_width * 0.3);
        canvas_.text({corner.x + place.cell_width / 2, corner.y + place.cell_height / 2}, value_text(value, largest),
                     {.size = size, .color = ink_on(color)});
      }
    }
  }

  void paint_rows(const MatrixPanel& panel, const PanelLayout& place) {
    for (int64_t row = 0; row < panel.rows; ++row) {
      const bool is_wrong = !panel.wrong_rows.empty() && panel.wrong_rows[static_cast<size_t>(row)];
      canvas_.text(
          {place.corner.x - kLabelGap, place.corner.y + place.cell_height * (static_cast<double>(row) + 0.5)},
          place.rows.texts[static_cast<size_t>(row)],
          {.size = place.rows.size, .anchor = Anchor::end, .bold = is_wrong, .color = is_wrong ? kErrorInk : kInk});
    }
    TextStyle style = kAxisTitleStyle;
    style.degrees = -90;
    canvas_.text(
        {place.corner.x - kLabelGap - place.rows.extent - kRowTitleWidth / 2 - 2, place.corner.y + place.height / 2},
        figure_.row_title, style);
  }

  void paint_columns(const MatrixPanel& panel, const PanelLayout& place) {
    const SideLabels& labels = place.columns;
    const double down = labels.degrees == 0 ? labels.size / 2 : labels.degrees == -45 ? labels.size * 0.3 : 0;
    for (int64_t column = 0; column < panel.columns; ++column) {
      canvas_.text(
          {place.corner.x + place.cell_width * (static_cast<double>(column) + 0.5), place.corner.y - kLabelGap - down},
          labels.texts[static_cast<size_t>(column)],
          {.size = labels.size,
           .anchor = labels.degrees == 0 ? Anchor::middle : Anchor::start,
           .degrees = labels.degrees});
    }
    const double middle = place.corner.x + place.width / 2;
    double y = place.corner.y - kLabelGap - labels.extent - kLineHeight / 2;
    if (!figure_.column_title.empty()) {
      canvas_.text({middle, y}, figure_.column_title, kAxisTitleStyle);
      y -= kLineHeight;
    }
    canvas_.text({middle, y}, panel.subtitle, kSubtitleStyle);
  }

  void paint_bar() {
    constexpr int kSteps = 64;
    const double step = layout_.bar_height / kSteps;
    for (int i = 0; i < kSteps; ++i) {
      // Each step overlaps the next, so that no gap shows.
      canvas_.rectangle({layout_.bar.x, layout_.bar.y + step * i}, kBarWidth, layout_.bar_height - step * i,
                        viridis(1 - (i + 0.5) / kSteps));
    }
    const Axis axis{.low = figure_.low,
                    .high = figure_.high,
                    .logarithmic = false,
                    .first = layout_.bar.y + layout_.bar_height,
                    .last = layout_.bar.y};
    TextStyle style = kTickStyle;
    style.anchor = Anchor::start;
    const double right = layout_.bar.x + kBarWidth;
    for (size_t i = 0; i < layout_.bar_ticks.size(); ++i) {
      const double y = axis.place(layout_.bar_ticks[i]);
      canvas_.line({{right, y}, {right + 3, y}}, {.color = kInk, .width = 0.8});
      canvas_.text({right + kBarLabelGap, y}, layout_.bar_labels[i], style);
    }
    style = kAxisTitleStyle;
    style.degrees = -90;
    canvas_.text({layout_.bar_title_x, layout_.bar.y + layout_.bar_height / 2}, figure_.value_title, style);
  }

  const MatrixFigure& figure_;
  const MatrixLayout& layout_;
  Canvas& canvas_;
};

}  // namespace

MatrixPanel matrix_panel(std::string_view op, const Tensor& matrix, const std::vector<std::string>& row_labels,
                         const std::vector<std::string>& column_labels) {
  check(matrix.defined() && matrix.rank() == 2 && matrix.numel() > 0, op, "needs a matrix with rows and columns, got ",
        matrix.defined() ? matrix.shape() : Shape{});
  MatrixPanel panel;
  panel.rows = matrix.size(0);
  panel.columns = matrix.size(1);
  panel.values = to(matrix, DType::float64).to_vector<double>();
  check_labels(op, row_labels, panel.rows, "row");
  check_labels(op, column_labels, panel.columns, "column");
  panel.row_labels = row_labels;
  panel.column_labels = column_labels;
  return panel;
}

Drawing drawing_of(const MatrixFigure& figure) {
  const MatrixLayout layout = layout_of(figure);
  return {printable(figure.title), layout.width, layout.height,
          [figure, layout](Canvas& canvas) { Painter(figure, layout, canvas).paint(); }};
}

}  // namespace heed::figure

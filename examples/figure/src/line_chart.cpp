// Draws a LineChart by its layout.
#include "figure/line_chart.h"

#include <algorithm>
#include <cmath>

#include "chart_layout.h"
#include "chart_lines.h"
#include "label.h"

namespace heed::figure {

namespace {

using namespace chart;

class Painter {
 public:
  Painter(const LineChart& chart, const ChartLayout& layout, Canvas& canvas)
      : chart_(chart), layout_(layout), canvas_(canvas) {}

  void paint() {
    Point at{layout_.width / 2, kMargin + kLineHeight / 2};
    for (const std::string& line : layout_.title_lines) {
      canvas_.text(at, line, kTitleStyle);
      at.y += kLineHeight;
    }
    paint_axes();
    paint_vertical_lines();
    for (size_t i = 0; i < chart_.series.size(); ++i) {
      if (!chart_.series[i].low.empty()) {
        chart_.spread == Spread::band ? paint_band(i) : paint_bars(i);
      }
    }
    std::vector<bool> dashed;
    for (const Series& series : chart_.series) {
      dashed.push_back(series.dashed);
    }
    draw_lines(canvas_, layout_.points, dashed);
    if (has_markers()) {
      draw_markers(canvas_, layout_.points);
    }
    paint_names();
  }

 private:
  double left() const { return layout_.x.first; }
  double right() const { return layout_.x.last; }
  double top() const { return layout_.y.last; }
  double bottom() const { return layout_.y.first; }

  void paint_axes() {
    TextStyle style = kTickStyle;
    style.anchor = Anchor::end;
    for (size_t i = 0; i < layout_.y_ticks.values.size(); ++i) {
      const double y = layout_.y.place(layout_.y_ticks.values[i]);
      canvas_.line({{left(), y}, {right(), y}}, {.color = kGridInk, .width = 1});
      canvas_.text({left() - 7, y}, layout_.y_ticks.labels[i], style);
    }
    canvas_.line({{left(), bottom()}, {right(), bottom()}}, {.color = kInk, .width = 1});
    for (size_t i = 0; i < layout_.x_ticks.values.size(); ++i) {
      const double x = layout_.x.place(layout_.x_ticks.values[i]);
      canvas_.line({{x, bottom()}, {x, bottom() + 4}}, {.color = kInk, .width = 1});
      canvas_.text({x, bottom() + 14}, layout_.x_ticks.labels[i], kTickStyle);
    }
    canvas_.text({(left() + right()) / 2, bottom() + 22 + kLineHeight / 2}, chart_.x_title, kAxisTitleStyle);
    style = kAxisTitleStyle;
    style.degrees = -90;
    canvas_.text({kMargin + kLineHeight / 2 - 4, (top() + bottom()) / 2}, chart_.y_title, style);
  }

  void paint_vertical_lines() {
    for (size_t i = 0; i < chart_.lines.size(); ++i) {
      const double x = layout_.x.place(chart_.lines[i].x);
      canvas_.line({{x, top()}, {x, bottom()}}, {.color = kFaintInk, .width = 1.2, .dash = 5, .gap = 4});
      canvas_.text(layout_.line_labels[i].at, layout_.line_labels[i].text, kNoteStyle);
    }
  }

  /// Height of an end of the spread; the end of the axis where the logarithm is not finite.
  double end_of_spread(double value) const {
    return layout_.y.logarithmic && value <= 0 ? bottom() : layout_.y.place(value);
  }

  void paint_band(size_t series) {
    const Series& data = chart_.series[series];
    std::vector<Point> outline;
    std::vector<Point> back;
    const auto finish = [&] {
      if (outline.size() > 1) {
        outline.insert(outline.end(), back.rbegin(), back.rend());
        Color color = line_color(series);
        color.alpha = 0.16;
        canvas_.polygon(outline, color);
      }
      outline.clear();
      back.clear();
    };
    for (size_t i = 0; i < data.x.size(); ++i) {
      const double x = layout_.points[series][i].x;
      if (std::isnan(x) || !std::isfinite(data.low[i]) || !std::isfinite(data.high[i])) {
        finish();
        continue;
      }
      outline.push_back({x, end_of_spread(data.high[i])});
      back.push_back({x, end_of_spread(data.low[i])});
    }
    finish();
  }

  void paint_bars(size_t series) {
    const Series& data = chart_.series[series];
    const Stroke stroke{.color = line_color(series), .width = 1.2};
    for (size_t i = 0; i < data.x.size(); ++i) {
      const double x = layout_.points[series][i].x;
      if (std::isnan(x) || !std::isfinite(data.low[i]) || !std::isfinite(data.high[i])) {
        continue;
      }
      const double low = end_of_spread(data.low[i]);
      const double high = end_of_spread(data.high[i]);
      canvas_.line({{x, low}, {x, high}}, stroke);
      for (const double y : {low, high}) {
        canvas_.line({{x - 3.5, y}, {x + 3.5, y}}, stroke);
      }
    }
  }

  /// Markers only with few points: many would hide the line.
  bool has_markers() const {
    size_t most = 0;
    for (const auto& points : layout_.points) {
      most = std::max(most, points.size());
    }
    return most <= 40;
  }

  void paint_names() {
    const double name_left = right() + kEndLabelGap;
    for (const EndLabel& label : layout_.end_labels) {
      Stroke stroke{.color = line_color(label.series), .width = 1};
      stroke.color.alpha = 0.7;
      canvas_.line({{std::max(label.end.x + 7, right() - 6), label.end.y}, {name_left - kNameMarkerGap, label.y}},
                   stroke);
      draw_marker(canvas_, {name_left - kNameMarkerGap, label.y}, label.series);
      canvas_.text({name_left, label.y}, label.text, kNameStyle);
    }
  }

  const LineChart& chart_;
  const ChartLayout& layout_;
  Canvas& canvas_;
};

}  // namespace

void LineChart::save(const std::string& path) const {
  const ChartLayout layout = layout_of(*this);
  const Drawing drawing{printable(title), layout.width, layout.height,
                        [&](Canvas& canvas) { Painter(*this, layout, canvas).paint(); }};
  save_drawing(drawing, path);
}

}  // namespace heed::figure

// Computes a chart's ranges, then its margins, then where names go.
#include "chart_layout.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <heed/tensor/error.h>

#include "label.h"

namespace heed::figure {

namespace {

using namespace chart;

constexpr double kPlotWidth = 470;
constexpr double kPlotHeight = 300;
constexpr double kNameHeight = 17;
constexpr double kLongestName = 190;

struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  void include(double value) {
    if (std::isfinite(value)) {
      low = std::min(low, value);
      high = std::max(high, value);
    }
  }
};

void check_series(const LineChart& chart) {
  for (const Series& series : chart.series) {
    const size_t count = series.x.size();
    check(series.y.size() == count, "LineChart", "series '", series.name, "' needs as many y as x: got ",
          series.y.size(), " for ", count);
    const bool has_spread = !series.low.empty() || !series.high.empty();
    check(!has_spread || (series.low.size() == count && series.high.size() == count), "LineChart", "series '",
          series.name, "' needs as many low and high as x: got ", series.low.size(), " and ", series.high.size(),
          " for ", count);
    for (size_t i = 0; i < count; ++i) {
      check(!chart.log_x || !(series.x[i] <= 0), "LineChart", "a logarithmic axis needs x > 0, got ", series.x[i]);
      check(!chart.log_y || !(series.y[i] <= 0), "LineChart", "a logarithmic axis needs y > 0, got ", series.y[i]);
    }
  }
}

Range x_range(const LineChart& chart) {
  Range range;
  for (const Series& series : chart.series) {
    for (size_t i = 0; i < series.x.size(); ++i) {
      if (std::isfinite(series.y[i])) {
        range.include(series.x[i]);
      }
    }
  }
  check(range.low <= range.high, "LineChart", "needs at least one finite point");
  for (const VerticalLine& line : chart.lines) {
    check(!chart.log_x || line.x > 0, "LineChart", "a logarithmic axis needs x > 0, got ", line.x);
    range.include(line.x);
  }
  return range;
}

Range y_range(const LineChart& chart) {
  Range range;
  for (const Series& series : chart.series) {
    std::for_each(series.y.begin(), series.y.end(), [&](double value) { range.include(value); });
    for (const std::vector<double>* ends : {&series.low, &series.high}) {
      for (const double value : *ends) {
        if (!chart.log_y || value > 0) {
          range.include(value);
        }
      }
    }
  }
  return range;
}

Axis x_axis(const LineChart& chart) {
  const Range range = x_range(chart);
  Axis axis = axis_around(range.low, range.high, chart.log_x);
  return axis;
}

Axis y_axis(const LineChart& chart) {
  const Range range = y_range(chart);
  if (chart.y_format == NumberFormat::percent && !chart.log_y) {
    // Room for the markers at 0% and 100%.
    return {.low = std::min(-0.02, range.low), .high = std::max(1.03, range.high)};
  }
  return axis_around(range.low, range.high, chart.log_y);
}

TickRow ticks_of(const Axis& axis, int most, NumberFormat format) {
  TickRow row;
  row.values = axis.ticks(most);
  row.labels = tick_labels(row.values, format);
  return row;
}

double widest(const std::vector<std::string>& texts, const TextStyle& style) {
  double width = 0;
  for (const std::string& text : texts) {
    width = std::max(width, text_width(text, style));
  }
  return width;
}

std::vector<std::vector<Point>> points_of(const LineChart& chart, const ChartLayout& layout) {
  std::vector<std::vector<Point>> all;
  for (const Series& series : chart.series) {
    std::vector<Point> points;
    for (size_t i = 0; i < series.x.size(); ++i) {
      const bool is_finite = std::isfinite(series.x[i]) && std::isfinite(series.y[i]);
      points.push_back(is_finite ? Point{layout.x.place(series.x[i]), layout.y.place(series.y[i])} : Point{NAN, NAN});
    }
    all.push_back(std::move(points));
  }
  return all;
}

/// Names beside the ends of their lines, moved apart where they would overlap.
std::vector<EndLabel> end_labels(const LineChart& chart, const ChartLayout& layout, double top, double bottom) {
  std::vector<EndLabel> labels;
  for (size_t i = 0; i < chart.series.size(); ++i) {
    const auto& points = layout.points[i];
    const auto last = std::find_if(points.rbegin(), points.rend(), [](Point point) { return !std::isnan(point.x); });
    if (last != points.rend() && !chart.series[i].name.empty()) {
      const std::string text = shortened(printable(chart.series[i].name), kLongestName, kNameStyle);
      labels.push_back({i, text, *last, last->y});
    }
  }
  std::stable_sort(labels.begin(), labels.end(), [](const EndLabel& a, const EndLabel& b) { return a.y < b.y; });
  double free = top;
  for (EndLabel& label : labels) {
    label.y = std::max(label.y, free);
    free = label.y + kNameHeight;
  }
  free = bottom;
  for (auto label = labels.rbegin(); label != labels.rend(); ++label) {
    label->y = std::min(label->y, free);
    free = label->y - kNameHeight;
  }
  return labels;
}

/// Labels above the plot, each over its line as far as the plot's width allows, in rows that do not overlap.
std::vector<LineLabel> line_labels(const LineChart& chart, const ChartLayout& layout, double bottom_row) {
  std::vector<LineLabel> labels;
  std::vector<std::pair<double, double>> taken;
  for (const VerticalLine& line : chart.lines) {
    const std::string text = printable(line.label);
    const double half = text_width(text, kNoteStyle) / 2;
    const double left = std::min(layout.x.first + half, layout.x.last - half);
    const double x = std::clamp(layout.x.place(line.x), left, std::max(left, layout.x.last - half));
    const auto overlaps = [&](const std::pair<double, double>& other) {
      return x - half < other.second + 8 && other.first < x + half + 8;
    };
    const auto row = std::count_if(taken.begin(), taken.end(), overlaps);
    taken.emplace_back(x - half, x + half);
    labels.push_back({{x, bottom_row - kLineHeight * 0.75 * static_cast<double>(row)}, text});
  }
  return labels;
}

/// Rows of labels above the plot.
double rows_of(const std::vector<LineLabel>& labels, double bottom_row) {
  double top = bottom_row;
  for (const LineLabel& label : labels) {
    top = std::min(top, label.at.y);
  }
  return labels.empty() ? 0 : (bottom_row - top) / (kLineHeight * 0.75) + 1;
}

}  // namespace

ChartLayout layout_of(const LineChart& chart) {
  check_series(chart);
  ChartLayout layout;
  layout.x = x_axis(chart);
  layout.y = y_axis(chart);
  layout.x_ticks = ticks_of(layout.x, 9, NumberFormat::plain);
  layout.y_ticks = ticks_of(layout.y, 7, chart.y_format);
  layout.tick_label_width = widest(layout.y_ticks.labels, kTickStyle);

  std::vector<std::string> names;
  for (const Series& series : chart.series) {
    names.push_back(shortened(printable(series.name), kLongestName, kNameStyle));
  }
  const double name_width = widest(names, kNameStyle);
  const double left = std::ceil(kMargin + (chart.y_title.empty() ? 0 : kLineHeight + 4) + layout.tick_label_width + 8);
  layout.x.first = left;
  layout.x.last = left + kPlotWidth;
  layout.width = std::ceil(layout.x.last + (name_width > 0 ? kEndLabelGap + name_width : 0) + kMargin);

  layout.title_lines = wrapped(printable(chart.title), layout.width - 2 * kMargin, kTitleStyle);
  double top = kMargin;
  if (!layout.title_lines.empty()) {
    top += kLineHeight * static_cast<double>(layout.title_lines.size()) + 8;
  }
  const double label_rows = rows_of(line_labels(chart, layout, 0), 0);
  layout.top = std::ceil(top + label_rows * kLineHeight * 0.75 + 4);
  layout.line_labels = line_labels(chart, layout, layout.top - 9);
  const double height = std::max(kPlotHeight, kNameHeight * static_cast<double>(chart.series.size()));
  layout.y.first = layout.top + height;
  layout.y.last = layout.top;
  layout.points = points_of(chart, layout);
  layout.end_labels = end_labels(chart, layout, layout.top + 4, layout.y.first - 4);
  layout.height = std::ceil(layout.y.first + 24 + (chart.x_title.empty() ? 0 : kLineHeight) + kMargin);
  return layout;
}

}  // namespace heed::figure

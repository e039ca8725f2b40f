// Draws charts: see chart_figure.h.
#include "report/chart_figure.h"

#include "figure/line_chart.h"

namespace remember {

std::string draw_chart(const ReportChart& chart, const std::string& stem) {
  using namespace heed::figure;
  LineChart drawn;
  drawn.title = chart.title;
  drawn.x_title = chart.x_title;
  drawn.y_title = chart.y_title;
  drawn.y_format = chart.percent ? NumberFormat::percent : NumberFormat::plain;
  drawn.log_x = chart.logarithmic_x;
  drawn.log_y = chart.logarithmic;
  if (chart.mark) {
    drawn.lines = {{*chart.mark, chart.mark_name}};
  }
  for (const ReportLine& line : chart.lines) {
    drawn.series.push_back({line.name, line.x, line.y, line.low, line.high, line.cut_off});
  }
  drawn.save(stem + ".png");
  drawn.save(stem + ".svg");
  return stem + ".png";
}

}  // namespace remember

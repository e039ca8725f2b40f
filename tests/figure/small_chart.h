// A line chart with all its parts, for tests.
#pragma once

#include "figure/line_chart.h"

namespace heed::figure::test {

inline LineChart small_chart() {
  LineChart chart{"Exact", "length", "exact", {{"lstm & co", {5, 10, 20}, {1, 0.5, 0}}}, NumberFormat::percent};
  chart.lines = {{10, "longest trained length"}};
  return chart;
}

}  // namespace heed::figure::test

// Charts of reports as figures.
#pragma once

#include <string>

#include "report/report.h"

namespace remember {

/// Draws the chart as `stem`.png and `stem`.svg; lines of models that were cut off are dashed. Returns the PNG. Throws
/// heed::FileError, and heed::ValueError for a chart without points.
std::string draw_chart(const ReportChart& chart, const std::string& stem);

}  // namespace remember

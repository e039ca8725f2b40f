// Learning curves, from the metrics files of runs.
#pragma once

#include <string>
#include <vector>

#include "report/report.h"

namespace remember {

/// A run's metrics; runs of one name are seeds of one line.
struct CurveSource {
  std::string name;
  std::string metrics;  ///< path of metrics.jsonl
};

/// Two charts by step, with one line per name, the mean of its runs, and their range: loss (logarithmic) and exact
/// outputs in validation. Titles start with `title`. Runs without a metrics file have no line; charts without lines are
/// left out. Throws heed::FileError for a metrics file that cannot be parsed.
std::vector<ReportChart> learning_curves(const std::string& title, const std::vector<CurveSource>& sources);

}  // namespace remember

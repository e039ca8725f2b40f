// Learning curves, out of what runs wrote into their metrics.
#pragma once

#include <string>
#include <vector>

#include "report/report.h"

namespace remember {

/// A run's measurements; runs of one name are seeds of one line.
struct CurveSource {
  std::string name;
  std::string metrics;  ///< path of metrics.jsonl
};

/// Two charts: loss by step (logarithmic) and exact outputs in validation by step, a line a name: the mean over its
/// runs, with their range. Their titles begin with `title`. A run whose metrics are not there has no line; charts
/// without any line are left out. Throws heed::FileError for metrics that are broken.
std::vector<ReportChart> learning_curves(const std::string& title, const std::vector<CurveSource>& sources);

}  // namespace remember

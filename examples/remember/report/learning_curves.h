// Learning curves, from the metrics files of runs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "report/model_result.h"
#include "report/report.h"

namespace remember {

/// A run's metrics; runs of one name are seeds of one line.
struct CurveSource {
  std::string name;
  std::string metrics;   ///< path of metrics.jsonl
  int64_t batch = 1;     ///< examples per step, for metrics that do not say how many were seen
  bool cut_off = false;  ///< of the line
};

/// The runs in the folder of a comparison.
std::vector<CurveSource> curve_sources(const std::vector<ModelResult>& models, const std::string& folder);

// Both charts have one line per name: the mean of its runs, and their range. A run that ended before another keeps its
// last value. Runs without a metrics file have no line. Titles start with `title`. They throw heed::FileError for a
// metrics file that cannot be parsed.

/// Loss in training (logarithmic) by step.
ReportChart loss_curve(const std::string& title, const std::vector<CurveSource>& sources);
/// Exact outputs in validation by examples seen (logarithmic): of the longest trained length if the metrics say that,
/// else of all lengths.
ReportChart exact_curve(const std::string& title, const std::vector<CurveSource>& sources);
/// Both, without charts that have no lines.
std::vector<ReportChart> learning_curves(const std::string& title, const std::vector<CurveSource>& sources);

}  // namespace remember

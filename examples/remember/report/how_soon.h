// How soon models learned, as a table. As a curve: learning_curves.h.
#pragma once

#include <vector>

#include "report/model_result.h"
#include "report/report.h"

namespace remember {

/// Three rows per model of one task: examples, seconds and multiply-adds of training until 50, 90 and 99 % of the
/// outputs were exact at the longest trained length (run/reached.h), as mean and range over the seeds that came that
/// far. Levels that guessing reaches (Task::chance) have no row. Without rows if no result says it, as those of
/// before.
ReportTable how_soon_table(const std::vector<ModelResult>& models);

}  // namespace remember

// Accuracy by length, as a table and as a chart: what printed tables, pictures and report.html have in common.
#pragma once

#include <vector>

#include "report/model_result.h"
#include "report/report.h"

namespace remember {

/// Whether a task's models were tested on lengths beyond the longest they were trained on.
bool tested_beyond_training(const RunResult& run);

/// Of the models of one task, a row each: exact rate by test length (mean and range over seeds), parameters, time.
/// Lengths beyond the longest trained one are starred.
ReportTable accuracy_table(const std::vector<ModelResult>& models);

/// The same as a chart, a line per model, with a mark at the longest trained length.
ReportChart accuracy_chart(const std::vector<ModelResult>& models);

}  // namespace remember

// Accuracy by length as a table and as a chart, for printed tables, figures and report.html.
#pragma once

#include <vector>

#include "report/model_result.h"
#include "report/report.h"

namespace remember {

/// Whether the models of a task were tested on lengths above the longest training length.
bool tested_beyond_training(const RunResult& run);

/// What the star of such lengths means.
inline constexpr const char* kBeyondTraining =
    "* longer than the training lengths; figures there may change with more training, also of converged models.";

/// One row per model of one task: exact rate by test length, how training ended, examples seen (mean and range over
/// seeds), parameters, mean time. Lengths above the longest training length have a star.
ReportTable accuracy_table(const std::vector<ModelResult>& models);

/// The accuracy as a chart, one line per model with the range over seeds, and a mark at the longest training length
/// if all have the same.
ReportChart accuracy_chart(const std::vector<ModelResult>& models);

}  // namespace remember

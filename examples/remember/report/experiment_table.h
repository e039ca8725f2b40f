// An experiment's results beside the published figures.
#pragma once

#include <string>
#include <vector>

#include "experiments/experiment.h"
#include "report/report.h"
#include "run/run_result.h"

namespace remember {

/// A table a task: rows of models, mean and range over the seeds, and published rows; columns of test lengths; then
/// alignment, time and parameters, the settings that differ from the published ones, and notes.
std::string experiment_text(const Experiment& experiment, const std::vector<RunResult>& results);
/// The same tables for report.html.
std::vector<ReportTable> experiment_tables(const Experiment& experiment, const std::vector<RunResult>& results);
/// The report of a comparison, but with these tables, and what differs in its introduction. Throws heed::FileError.
Report experiment_report(const Experiment& experiment, const std::vector<RunResult>& results,
                         const std::string& folder);
/// What results.json holds of it beside the runs.
nlohmann::ordered_json experiment_json(const Experiment& experiment);

}  // namespace remember

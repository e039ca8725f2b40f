// An experiment's results with the published figures.
#pragma once

#include <string>
#include <vector>

#include "experiments/experiment.h"
#include "report/report.h"
#include "run/run_result.h"

namespace remember {

/// One table per task: rows are models (mean and range over seeds) and published figures, columns are test lengths.
/// Then alignment, time and parameters, the settings that differ from the published ones, what was cut off or tested in
/// part, and notes.
std::string experiment_text(const Experiment& experiment, const std::vector<RunResult>& results);
/// The same tables for report.html.
std::vector<ReportTable> experiment_tables(const Experiment& experiment, const std::vector<RunResult>& results);
/// The report of a comparison with these tables; its introduction lists the differences. Throws heed::FileError.
Report experiment_report(const Experiment& experiment, const std::vector<RunResult>& results,
                         const std::string& folder);
/// The experiment's part of results.json.
nlohmann::ordered_json experiment_json(const Experiment& experiment);

}  // namespace remember

// An experiment's results beside the published figures.
#pragma once

#include <string>
#include <vector>

#include "experiments/experiment.h"
#include "run/run_result.h"

namespace remember {

/// A table a task: rows of models, mean and range over the seeds, and published rows; columns of test lengths; then
/// alignment, time and parameters, the settings that differ from the published ones, and notes.
std::string experiment_text(const Experiment& experiment, const std::vector<RunResult>& results);
/// What results.json holds of it beside the runs.
nlohmann::ordered_json experiment_json(const Experiment& experiment);

}  // namespace remember

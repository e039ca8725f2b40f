// The results of a comparison, per model.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "report/spread.h"
#include "run/run_result.h"

namespace remember {

/// Runs that differ only in the seed.
struct ModelResult {
  std::string task;
  std::string model;
  std::vector<const RunResult*> runs;
};

/// In the order of the results, which must outlive the groups.
std::vector<ModelResult> group_by_model(const std::vector<RunResult>& results);
/// The same, grouped by task.
std::vector<std::vector<ModelResult>> group_by_task(const std::vector<RunResult>& results);
/// Models of one task, grouped by what lengths they were trained on: only those of one group can be shown the same
/// source as one of their longest or one beyond it.
std::vector<std::vector<ModelResult>> group_by_lengths(const std::vector<ModelResult>& models);
/// The exact rates at test length number `length`, per run.
std::vector<double> exact_rates(const ModelResult& model, size_t length);
/// Their mean and range.
Spread exact_spread(const ModelResult& model, size_t length);

/// Whether all runs reached their plateau: only such models are compared.
bool converged(const ModelResult& model);
/// Whether some run was cut off.
bool cut_off(const ModelResult& model);
/// The model's name, with "(cut off)" if it was: for lines of charts and rows of tables.
std::string shown_name(const ModelResult& model);
/// How the training of its runs ended.
std::string ending(const ModelResult& model);

}  // namespace remember

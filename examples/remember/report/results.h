// The results of a comparison: a table to print, CSV and JSON.
#pragma once

#include <string>
#include <vector>

#include "report/model_result.h"

namespace remember {

/// One table per task: exact rate by test length, parameters, time. Lengths above the longest training length have a
/// star.
std::string results_table(const std::vector<RunResult>& results);
/// A header and one line per run and length. How soon is told at the longest trained length (run/reached.h).
std::string results_csv(const std::vector<RunResult>& results);
std::string results_json(const std::vector<RunResult>& results);

}  // namespace remember

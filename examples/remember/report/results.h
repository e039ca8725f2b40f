// A comparison's results, as a table for people and as files for programs.
#pragma once

#include <string>
#include <vector>

#include "report/model_result.h"

namespace remember {

/// A table a task: exact rate by test length, parameters, time. Lengths beyond the longest trained one are starred.
std::string results_table(const std::vector<RunResult>& results);
/// A line for each run and length, under a header.
std::string results_csv(const std::vector<RunResult>& results);
std::string results_json(const std::vector<RunResult>& results);

}  // namespace remember

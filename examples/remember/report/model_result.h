// The results of a comparison, per model.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "run/run_result.h"

namespace remember {

/// Runs that differ only in the seed.
struct ModelResult {
  std::string task;
  std::string model;
  std::vector<const RunResult*> runs;
};

/// Mean and range over seeds.
struct Spread {
  double mean = 0;
  double least = 0;
  double most = 0;
};

/// In the order of the results, which must outlive the groups.
std::vector<ModelResult> group_by_model(const std::vector<RunResult>& results);
/// The same, grouped by task.
std::vector<std::vector<ModelResult>> group_by_task(const std::vector<RunResult>& results);
/// Mean and range of the exact rate at test length number `length`.
Spread exact_spread(const ModelResult& model, size_t length);

}  // namespace remember

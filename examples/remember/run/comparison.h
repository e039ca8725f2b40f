// Comparison: trains every model on every task with every seed, and tests each at every length.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "run/options.h"
#include "run/run_result.h"
#include "run/trial.h"

namespace remember {

struct ComparisonOptions {
  std::vector<std::string> tasks;
  std::vector<std::string> models;  ///< short names, see model_spec.h
  std::vector<uint64_t> seeds;
  std::vector<LengthRange> test_lengths;
  int64_t test_count = 500;       ///< problems per length
  bool match_parameters = false;  ///< scale hidden sizes so that all models have about as many parameters as the first
  RunOptions base;                ///< everything else
};

/// The runs in the order in which they are made: tasks, then models, then seeds. Throws UsageError.
std::vector<RunOptions> planned_runs(const ComparisonOptions& options);
/// The same with what they are tested on.
std::vector<Trial> planned_trials(const ComparisonOptions& options);
/// The name of a run's folder.
std::string run_name(const RunOptions& options);
/// The folder of a run in that of the comparison.
std::string run_folder(const std::string& folder, const RunOptions& options);

/// Makes every run that is not there yet, and gives all results: make_trials(). A run that was stopped goes on.
std::vector<RunResult> run_comparison(const ComparisonOptions& options, const std::string& folder, bool quiet);

}  // namespace remember

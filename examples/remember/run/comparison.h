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
  bool match_parameters = false;  ///< choose hidden sizes so that all models have about as many parameters as the first
  RunOptions base;                ///< everything else
};

/// All runs, ordered by task, then model, then seed. Throws UsageError.
std::vector<RunOptions> planned_runs(const ComparisonOptions& options);
/// The same, with their tests.
std::vector<Trial> planned_trials(const ComparisonOptions& options);
/// The name of a run's folder.
std::string run_name(const RunOptions& options);

}  // namespace remember

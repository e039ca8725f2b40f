// Comparison: trains every model on every task with every seed, and tests each at every length.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "report/progress.h"
#include "run/options.h"
#include "run/run_result.h"

namespace remember {

struct ComparisonOptions {
  std::vector<std::string> tasks;
  std::vector<std::string> models;  ///< short names, see model_spec.h
  std::vector<uint64_t> seeds;
  std::vector<LengthRange> test_lengths;
  int64_t test_count = 500;  ///< problems a length
  RunOptions base;           ///< everything else
};

/// The runs in the order in which they are made: tasks, then models, then seeds. Throws UsageError.
std::vector<RunOptions> planned_runs(const ComparisonOptions& options);
/// The folder of a run in that of the comparison.
std::string run_folder(const std::string& folder, const RunOptions& options);

/// Makes every run that is not there yet, each in a folder of its own under `folder`/runs, and gives all results. A
/// run that was stopped goes on. As many runs as there are threads (heed::num_threads()) are made side by side, which
/// is quicker than many threads for one small model. Throws Interrupted once what was done is saved, heed::FileError,
/// and UsageError when a run in the folder was made with other options.
std::vector<RunResult> run_comparison(const ComparisonOptions& options, const std::string& folder, bool quiet);

}  // namespace remember

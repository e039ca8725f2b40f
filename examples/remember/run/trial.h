// Trial: one training run and its tests.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "run/options.h"
#include "run/progress.h"
#include "run/run_result.h"

namespace remember {

struct Trial {
  std::string name;   ///< of its folder
  std::string label;  ///< what tables and charts call its model
  RunOptions options;
  std::vector<LengthRange> test_lengths;  ///< of a task; pairs are tested on what was held out
  int64_t test_count = 500;               ///< problems per length
  int64_t beam = 1;
  double minutes = 0;  ///< above 0: fewer steps than the options say where these would take longer, as measured
};

/// The folder of a trial inside the folder of its comparison.
std::string trial_folder(const std::string& folder, const std::string& name);

/// Trains (or goes on) and tests, unless a finished result exists. Throws Interrupted, heed::FileError, and UsageError
/// if the run in the folder has other options.
RunResult make_trial(const Trial& trial, const std::string& folder, Progress& progress, const std::string& label);

/// Makes all trials, each in its own folder under `folder`/runs. As many run at once as there are threads
/// (heed::num_threads()), which is faster than many threads for one small model. Throws as make_trial().
std::vector<RunResult> make_trials(const std::vector<Trial>& trials, const std::string& folder, bool quiet);

}  // namespace remember

// Trial: one training run and its tests.
#pragma once

#include <cstdint>
#include <limits>
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
  std::vector<LengthRange> test_lengths;  ///< of a task; pairs are tested on Dataset::test()
  int64_t test_count = 500;               ///< problems per length
  int64_t beam = 1;
};

/// The share of a trial's time for training; the rest is for tests.
inline constexpr double kTrainingShare = 0.8;

struct TrialsOptions {
  bool quiet = false;
  int64_t jobs = 0;    ///< trials at once; 0: as many as there are threads
  double minutes = 0;  ///< for all trials together; 0: no limit
};

/// The folder of a trial inside the folder of its comparison.
std::string trial_folder(const std::string& folder, const std::string& name);

/// Trains (or goes on) and tests, unless a finished result exists. One that was cut off by the time is no finished one.
/// In `seconds`, which count from the call, a run to a plateau is cut off when they are over; one with a fixed number
/// of steps makes fewer, as many as fit, since its learning rate falls with their number. Throws Interrupted,
/// heed::FileError, and UsageError if the run in the folder has other options.
RunResult make_trial(const Trial& trial, const std::string& folder, Progress& progress, const std::string& label,
                     double seconds = std::numeric_limits<double>::infinity());

/// Makes all trials, each in its own folder under `folder`/runs. With a limit of time says before how far it goes,
/// unless quiet. Throws as make_trial().
std::vector<RunResult> make_trials(const std::vector<Trial>& trials, const std::string& folder,
                                   const TrialsOptions& options);

}  // namespace remember

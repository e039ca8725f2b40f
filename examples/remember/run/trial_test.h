// Tests the trained model of a trial.
#pragma once

#include <string>

#include "run/run_result.h"
#include "run/trial.h"

namespace remember {

/// Measures the best checkpoint in the run's folder. Throws Interrupted, heed::FileError.
RunResult test_trial(const Trial& trial, const RunOptions& options, const std::string& run_folder);

}  // namespace remember

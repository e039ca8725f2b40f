// Tests the trained model of a trial.
#pragma once

#include <string>

#include "run/run_result.h"
#include "run/trial.h"

namespace remember {

/// Measures the best checkpoint in the run's folder. Of the problems as many are tested as fit into
/// `seconds`, which the lengths of a task share: a length of which not even ten fit has none. Throws Interrupted,
/// heed::FileError.
RunResult test_trial(const Trial& trial, const std::string& run_folder, double seconds);

}  // namespace remember

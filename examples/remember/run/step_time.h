// The time of a training step, measured before training.
#pragma once

#include <string>

#include "run/options.h"

namespace remember {

/// Seconds per step, from a few steps of a run that is thrown away; `folder` must not exist and does not afterwards.
/// Stops after about `most_seconds`.
double seconds_per_step(RunOptions options, const std::string& folder, double most_seconds);

}  // namespace remember

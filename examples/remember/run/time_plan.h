// What a comparison can finish in bounded time, said before it begins.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "run/trial.h"

namespace remember {

/// A line of the plan: "  reverse lstm: 3 runs of up to about 12,400 steps" and, for a run to a plateau that has fewer
/// steps than its rule needs to see one, "; too few for a plateau unless all is learned"; for a fixed number of steps,
/// how many of them.
std::string plan_line(const Trial& trial, size_t runs, double seconds_per_run, double seconds_per_step);

/// Measures a few steps of each model and writes to the standard error how many fit into the time of a run.
void say_plan(const std::vector<Trial>& trials, double minutes, size_t at_once);

}  // namespace remember

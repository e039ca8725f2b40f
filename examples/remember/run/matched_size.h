// Sizes at which different models have the same number of parameters.
#pragma once

#include <cstdint>

#include "run/options.h"

namespace remember {

/// How many parameters the run's model has; of a task.
int64_t parameter_count(const RunOptions& options);

/// The hidden size with which the run's model comes nearest to `parameters`; an embedding size of 0 goes with it. A
/// transformer's stays a multiple of 4 and of its heads.
int64_t matched_hidden(RunOptions options, int64_t parameters);

}  // namespace remember

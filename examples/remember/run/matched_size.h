// Sizes at which different models have the same number of parameters.
#pragma once

#include <cstdint>

#include "run/options.h"

namespace remember {

/// Number of parameters of the run's model. The run must be of a task, not of pairs.
int64_t parameter_count(const RunOptions& options);

/// The hidden size at which the number of parameters is nearest to `parameters`. An embedding size of 0 follows the
/// hidden size. A transformer's size is a multiple of 4 and of its heads.
int64_t matched_hidden(RunOptions options, int64_t parameters);

}  // namespace remember

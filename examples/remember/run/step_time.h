// The time of a training step, measured before training.
#pragma once

#include "run/options.h"

namespace remember {

/// Seconds per update at full length, from a model that is thrown away. Takes about half a second, or five updates if
/// they take longer, but hardly more than `most_seconds`. Throws heed::ValueError if the loss is not finite.
double seconds_per_step(RunOptions options, double most_seconds);

}  // namespace remember

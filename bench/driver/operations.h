// How many operations the matrix products of a training step cost at least: the limit that times are compared with.
#pragma once

#include <string>

#include "worker/step_size.h"

namespace heed::bench {

/// Floating-point operations of the matrix products of one step of W1 … W4, a multiply-add counting as two, backward as
/// twice the forward. Throws std::invalid_argument for another name.
double step_operations(const std::string& workload, const StepSize& size);

}  // namespace heed::bench

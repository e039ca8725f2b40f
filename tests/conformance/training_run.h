// Whole training runs.
#pragma once

#include "conformance/case.h"

namespace heed::conformance {

Failures replay_training(const Case& given);

}  // namespace heed::conformance

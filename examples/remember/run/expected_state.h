// Compares what a checkpoint holds with what its description says, before anything of either takes memory.
#pragma once

#include <heed/nn/core/checkpoint.h>

#include "run/saved_run.h"

namespace remember {

/// Throws heed::ValueError that names the first member which a run of that description would not have saved, and for a
/// description of a model that is larger than the parameters in the file. Keeps the default generator's state.
void require_expected(const heed::CheckpointOutline& outline, const RunDescription& description);

}  // namespace remember

// Training steps of the workloads with libtorch.
#pragma once

#include "worker/job.h"

namespace heed::bench {

/// `steps W1 B T H V`; heed/training_step.h says what a step is. Null for other words.
std::unique_ptr<Job> make_torch_training_step(const Words& words);

}  // namespace heed::bench

// Training steps of the workloads W1 to W4 with heed::nn, as a user of the library writes them.
#pragma once

#include <memory>

#include "worker/job.h"

namespace heed::bench {

/// `steps W1 B T H V`: zero gradients, forward, loss, backward, clip the global norm to 1, Adam, on a fresh batch of
/// random sources of length T and targets that are their reverse. The result is the loss. Null for other words.
std::unique_ptr<Job> make_training_step(const Words& words);

}  // namespace heed::bench

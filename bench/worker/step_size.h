// The sizes of a training step's model and batch.
#pragma once

#include "worker/job.h"

namespace heed::bench {

struct StepSize {
  int64_t batch = 0, steps = 0, hidden = 0, vocabulary = 0;
};

/// Of a job `steps W1 B T H V`, words[2] on. Throws std::invalid_argument unless there are four.
StepSize step_size_of(const Words& words);

}  // namespace heed::bench

// Functions of elements, an LSTM layer, attention and single operations with libtorch; heed/kernel_jobs.h and
// heed/operation.h say what they are.
#pragma once

#include "worker/job.h"

namespace heed::bench {

std::unique_ptr<Job> make_torch_function(const Words& words);
std::unique_ptr<Job> make_torch_lstm(const Words& words);
std::unique_ptr<Job> make_torch_attention(const Words& words);
std::unique_ptr<Job> make_torch_scalars(const Words& words);
std::unique_ptr<Job> make_torch_operation(const Words& words);

}  // namespace heed::bench

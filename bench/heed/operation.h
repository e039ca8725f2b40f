// Single operations forward and backward, small and middling: what a graph costs beside its arithmetic.
#pragma once

#include <memory>

#include "worker/job.h"

namespace heed::bench {

/// `scalars N`: y = x + x + … of N additions of scalars, and dy/dx.
std::unique_ptr<Job> make_scalars(const Words& words);
/// `operation softmax R C`: an operation on (R, C) and the gradients of its floating inputs: add_row, mul, tanh,
/// sum_rows, softmax, layer_norm, cross_entropy, linear, cat, embedding.
std::unique_ptr<Job> make_operation(const Words& words);

}  // namespace heed::bench

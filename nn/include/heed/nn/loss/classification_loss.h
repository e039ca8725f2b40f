// Losses of classes: the negative log-likelihood, and independent yes-or-no questions. Cross-entropy of logits is the
// operation of heed/autograd/softmax.h.
#pragma once

#include <heed/autograd/softmax.h>

namespace heed {

struct NLLOptions {
  int64_t ignore_index = -100;  ///< a target that does not count
  Reduction reduction = Reduction::mean;
};

/// -log_probabilities[n, target[n]]: (N, C) and int64 (N) → (N) or rank 0. The mean is that over the targets that
/// count, NaN when there is none. Throws ShapeError, DTypeError, IndexError.
Variable nll_loss(const Variable& log_probabilities, const Tensor& target, const NLLOptions& options = {});

/// -t log σ(x) - (1 - t) log(1 - σ(x)) of logits x and targets t in 0 … 1 of one shape, computed as
/// max(x, 0) - x t + log(1 + exp(-|x|)), which neither overflows nor loses what is small. Throws ShapeError.
Variable binary_cross_entropy_with_logits(const Variable& input, const Variable& target,
                                          Reduction reduction = Reduction::mean);

}  // namespace heed

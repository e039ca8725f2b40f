// Losses. Cross-entropy is the operation of heed/autograd/softmax.h:
// cross_entropy(logits (…, C), target (…), {.ignore_index = -100, .label_smoothing = 0, .reduction = Reduction::mean}).
#pragma once

#include <heed/autograd/softmax.h>

namespace heed {

/// (input - target)², as it is, summed, or its mean over all elements. Throws ShapeError unless the shapes are the
/// same.
Variable mse_loss(const Variable& input, const Variable& target, Reduction reduction = Reduction::mean);

}  // namespace heed

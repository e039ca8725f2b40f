// Fused operations once more, in elementary ones: what is differentiated when gradients of gradients are asked for, and
// what tests hold the fused ones against.
#pragma once

#include <heed/autograd/norm.h>
#include <heed/autograd/softmax.h>

namespace heed {

Variable layer_norm_composite(const Variable& x, int64_t axes, const Variable& weight = Variable(),
                              const Variable& bias = Variable(), double eps = 1e-5);

/// For logits (N, C) and target (N).
Variable cross_entropy_composite(const Variable& logits, const Tensor& target, const CrossEntropyOptions& options = {});

}  // namespace heed

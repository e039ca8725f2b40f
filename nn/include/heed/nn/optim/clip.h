// Clipping of gradients, between backward() and an optimiser's step.
#pragma once

#include <vector>

#include <heed/autograd/variable.h>

namespace heed {

/// Scales all gradients by max_norm / (norm + 1e-6) when that is below 1, norm being the Euclidean norm of all of them
/// together, as torch.nn.utils.clip_grad_norm_; returns the norm (Pascanu, Mikolov, Bengio 2013, algorithm 1).
/// Parameters without a gradient are skipped; one listed twice counts once. The norm is correct even if squares of the
/// gradients leave their dtype's range. A norm that is not finite throws ValueError when error_if_nonfinite;
/// otherwise, as in PyTorch, a NaN makes all gradients NaN, and an infinite one makes itself NaN and the others 0 (NaN
/// where max_norm is infinite too).
/// Throws ValueError unless max_norm ≥ 0.
double clip_grad_norm(const std::vector<Variable>& parameters, double max_norm, bool error_if_nonfinite = false);

/// Clamps each element of each gradient to [-clip_value, clip_value]; NaN stays NaN.
/// Throws ValueError unless clip_value ≥ 0.
void clip_grad_value(const std::vector<Variable>& parameters, double clip_value);

}  // namespace heed

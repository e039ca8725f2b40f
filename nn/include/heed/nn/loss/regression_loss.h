// Losses of numbers against numbers: squared, absolute and Huber's.
#pragma once

#include <heed/autograd/softmax.h>

namespace heed {

/// (input - target)², as it is, summed, or its mean over all elements. Throws ShapeError unless the shapes are the
/// same.
Variable mse_loss(const Variable& input, const Variable& target, Reduction reduction = Reduction::mean);

/// |input - target|, as it is, summed, or its mean over all elements. Throws ShapeError unless the shapes are the same.
Variable l1_loss(const Variable& input, const Variable& target, Reduction reduction = Reduction::mean);

/// d²/2 where |d| ≤ delta, delta (|d| - delta/2) beyond, d = input - target (Huber 1964, section 1); reduced likewise.
/// Throws ShapeError unless the shapes are the same, ValueError unless delta > 0.
Variable huber_loss(const Variable& input, const Variable& target, double delta = 1.0,
                    Reduction reduction = Reduction::mean);

/// huber_loss / beta: d²/(2 beta) where |d| ≤ beta, |d| - beta/2 beyond (Girshick 2015, equation 3, for beta = 1); with
/// beta = 0 l1_loss. Throws ShapeError, ValueError unless beta ≥ 0.
Variable smooth_l1_loss(const Variable& input, const Variable& target, double beta = 1.0,
                        Reduction reduction = Reduction::mean);

}  // namespace heed

// Softmax of Variables and the cross-entropy computed with it; see heed/tensor/softmax.h.
#pragma once

#include <heed/autograd/variable.h>
#include <heed/tensor/softmax.h>

namespace heed {

Variable softmax(const Variable& x, int64_t dim);
Variable log_softmax(const Variable& x, int64_t dim);
/// Softmax along the last axis over the elements that `mask` (bool, broadcasts to x; true = masked) does not mask.
/// Masked elements have weight and gradient exactly 0, whatever their values and incoming gradients; so has a row that
/// is all masked.
Variable masked_softmax(const Variable& x, const Tensor& mask);

/// How the losses of single elements are reduced.
enum class Reduction { none, sum, mean };

struct CrossEntropyOptions {
  int64_t ignore_index = -100;  ///< a target that does not count
  double label_smoothing = 0;   ///< ε of Szegedy et al. 2016, section 7
  Reduction reduction = Reduction::mean;
  Tensor weight = {};  ///< (C): of each class, by which its losses are multiplied; undefined: 1
};

/// -log softmax(logits)[target], one operation: logits (…, C), target int64 (…) → (…) or rank 0. The mean is that over
/// the targets that count, NaN when there is none, or, with class weights, Σ w loss / Σ w. Throws ShapeError,
/// DTypeError, IndexError, ValueError.
Variable cross_entropy(const Variable& logits, const Tensor& target, const CrossEntropyOptions& options = {});

}  // namespace heed

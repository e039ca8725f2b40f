// What softmax and cross-entropy of Variables run on: gradients, and losses of rows.
#pragma once

#include <heed/tensor/tensor.h>

namespace heed {

/// The gradient of (masked_)softmax along `dim`: y (g - Σ y g). A row of zeros gives zeros.
Tensor softmax_backward(const Tensor& grad, const Tensor& y, int64_t dim);
/// The gradient of log_softmax along `dim`: g - exp(y) Σ g.
Tensor log_softmax_backward(const Tensor& grad, const Tensor& y, int64_t dim);

/// Throws unless logits are (N, C), targets int64 (N), each `ignore_index` or in 0 … C-1, label_smoothing in 0 … 1.
void require_targets(const Tensor& logits, const Tensor& target, int64_t ignore_index, double label_smoothing,
                     const char* op);
/// Per-row cross-entropy of logits (N, C) against targets int64 (N), in one pass over the logits, with label smoothing
/// ε (Szegedy et al. 2016, section 7): (1-ε)·nll(target) + ε/C·Σ nll. A row whose target is `ignore_index` gives 0.
/// Throws IndexError for any other target outside 0 … C-1.
Tensor cross_entropy_rows(const Tensor& logits, const Tensor& target, int64_t ignore_index, double label_smoothing);
/// Its gradient: (N, C), row n being grad[n] · (softmax(logits[n]) - smoothed target), zero where ignored.
Tensor cross_entropy_rows_backward(const Tensor& grad, const Tensor& logits, const Tensor& target, int64_t ignore_index,
                                   double label_smoothing);

}  // namespace heed

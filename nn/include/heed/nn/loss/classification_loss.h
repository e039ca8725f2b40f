// Losses of classes: the negative log-likelihood, and independent yes-or-no questions. Cross-entropy of logits is the
// operation of heed/autograd/softmax.h.
#pragma once

#include <heed/autograd/softmax.h>

namespace heed {

struct NLLOptions {
  int64_t ignore_index = -100;  ///< a target that does not count
  Reduction reduction = Reduction::mean;
  Tensor weight = {};  ///< (C): of each class, by which its losses are multiplied; undefined: 1
};

/// -log_probabilities[n, target[n]]: (N, C) and int64 (N) → (N) or rank 0. The mean is that over the targets that
/// count, NaN when there is none, or, with class weights, Σ w loss / Σ w. Throws ShapeError, DTypeError, IndexError.
Variable nll_loss(const Variable& log_probabilities, const Tensor& target, const NLLOptions& options = {});

/// -t log σ(x) - (1 - t) log(1 - σ(x)) of logits x and targets t in 0 … 1 of one shape, computed as
/// max(x, 0) - x t + log(1 + exp(-|x|)), which neither overflows nor loses what is small. Throws ShapeError.
Variable binary_cross_entropy_with_logits(const Variable& input, const Variable& target,
                                          Reduction reduction = Reduction::mean);

struct BinaryCrossEntropyOptions {
  Tensor weight = {};      ///< by which losses are multiplied; broadcasts to them
  Tensor pos_weight = {};  ///< by which -t log σ(x) is multiplied; broadcasts to the losses. Above 1 it raises recall,
                           ///< below 1 precision
  Reduction reduction = Reduction::mean;
};

/// The same with weights; the mean is over all elements. Throws ShapeError, DTypeError.
Variable binary_cross_entropy_with_logits(const Variable& input, const Variable& target,
                                          const BinaryCrossEntropyOptions& options);

struct KLDivOptions {
  bool log_target = false;  ///< the target holds logarithms too
  Reduction reduction = Reduction::mean;
};

/// t (log t - input) for targets t and logarithms `input` of one shape, 0 where t is: the terms of Kullback and
/// Leibler's divergence (1951, equation 2.4) of the input's distribution from the target's. As in PyTorch the mean is
/// over all elements; the divergence per example is the sum over B. Throws ShapeError.
Variable kl_div(const Variable& input, const Variable& target, const KLDivOptions& options = {});

}  // namespace heed

// Greedy decoding: the most probable symbol at each step.
#pragma once

#include <vector>

#include <heed/nn/seq2seq.h>

namespace heed {

/// An output sequence that a model made by itself.
struct Hypothesis {
  std::vector<int64_t> tokens;  ///< without the end token
  bool ended = false;           ///< whether the end token came before the steps were over
  double log_probability = 0;   ///< of all symbols, the end token's included
  double score = 0;             ///< what beam search ranks by; the log-probability for greedy search
  /// (T, S): the weights of each step, the end token's included, over this source's own positions; undefined for a
  /// decoder that does not attend.
  Tensor weights;
};

/// Decodes each source for at most max_length steps, the end token's included. source: int64 (B, S), source_lengths:
/// int64 (B) or undefined. Outputs never hold the model's pad and bos, however probable; the probabilities of the
/// others stay as the model has them. Runs in evaluation mode, without a graph; the model's mode is put back
/// afterwards. The first of equally probable symbols is taken. Throws ValueError unless max_length ≥ 1, when a logit is
/// NaN, and when nothing but pad and bos is possible.
std::vector<Hypothesis> greedy_search(Seq2Seq& model, const Tensor& source, const Tensor& source_lengths,
                                      int64_t max_length);

}  // namespace heed

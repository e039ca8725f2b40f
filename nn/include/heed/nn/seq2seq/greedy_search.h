// Greedy decoding: the most probable symbol at each step.
#pragma once

#include <vector>

#include <heed/nn/seq2seq/decoding_rules.h>

namespace heed {

/// An output sequence that a model made by itself.
struct Hypothesis {
  std::vector<int64_t> tokens = {};  ///< without the end token
  bool ended = false;                ///< whether the end token came before the steps were over
  double log_probability = 0;        ///< of all symbols, the end token's included; without the rules of the search
  double score = 0;                  ///< what outputs are ranked by: the log-probability as the rules changed it, and
                                     ///< in beam search the length penalty
  /// (T, S): the weights of each step, the end token's included, over this source's own positions; undefined for a
  /// decoder that does not attend.
  Tensor weights = {};
  /// Its row of the decoder's batch in each step: Recorder::along() takes it.
  std::vector<int64_t> rows = {};
};

/// Decodes each source for at most max_length steps, eos included; pad and bos are never written. source: int64 (B, S),
/// source_lengths: int64 (B) or undefined. In evaluation mode and without a graph, with nothing written in the model.
/// The first of equal symbols is taken. The rules change the log-probabilities of each step, in their order. Throws
/// ValueError for a max_length below 1, NaN logits, none possible but pad and bos, and a rule that forbids all that is
/// left; and what rules throw.
std::vector<Hypothesis> greedy_search(const Seq2Seq& model, const Tensor& source, const Tensor& source_lengths,
                                      int64_t max_length, const DecodingRules& rules = {});

}  // namespace heed

// Beam search: keeps the most probable unfinished hypotheses at each step.
#pragma once

#include <cstdint>
#include <vector>

#include <heed/nn/seq2seq/greedy_search.h>

namespace heed {

struct BeamOptions {
  int64_t beam = 4;
  int64_t max_length = 100;   ///< steps, the end token's included
  double length_penalty = 0;  ///< α: scores are log-probabilities over ((5 + length) / 6)^α
  int64_t n_best = 1;         ///< hypotheses to give back for each source, at most `beam`
  DecodingRules rules = {};   ///< change the log-probabilities that hypotheses are ranked by
};

/// For each source its best hypotheses, best score first (Wu et al. 2016, equation 14, without coverage; the length
/// counts the end token). A hypothesis whose end token is among the `beam` best continuations is finished and leaves
/// its place to others; a source is done when `beam` are finished. Those cut off by max_length stand behind the
/// finished ones. A hypothesis of which rules forbid every continuation is given up; a source left with none is an
/// error. A beam of 1 gives what greedy_search gives. source and source_lengths as there.
/// Throws ValueError for a beam, max_length or n_best below 1, n_best above beam, a length_penalty that is negative or
/// not finite, and for logits and rules as greedy_search.
std::vector<std::vector<Hypothesis>> beam_search(const Seq2Seq& model, const Tensor& source,
                                                 const Tensor& source_lengths, const BeamOptions& options = {});

}  // namespace heed

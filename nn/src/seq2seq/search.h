// The search behind greedy_search(), beam_search() and sample().
#pragma once

#include <vector>

#include <heed/nn/seq2seq/decoding_rules.h>
#include <heed/nn/seq2seq/greedy_search.h>
#include <heed/tensor/random.h>

namespace heed::detail {

struct SearchOptions {
  int64_t beam = 1;
  int64_t max_length = 100;
  double length_penalty = 0;
  int64_t n_best = 1;
  const DecodingRules& rules;
  int64_t samples = 1;             ///< searches per source
  Generator* generator = nullptr;  ///< draws the symbols; null: the best are taken. A beam of 1 then
};

/// The hypotheses of each search, best first: those of source 0 before those of source 1. Checks source, max_length and
/// rules; `op` stands in front of error messages.
std::vector<std::vector<Hypothesis>> search(const char* op, const Seq2Seq& model, const Tensor& source,
                                            const Tensor& source_lengths, const SearchOptions& options);

}  // namespace heed::detail

// Sampling: outputs drawn at random, symbol by symbol, in proportion to the model's probabilities.
#pragma once

#include <cstdint>
#include <vector>

#include <heed/nn/seq2seq/greedy_search.h>
#include <heed/tensor/random.h>

namespace heed {

struct SampleOptions {
  int64_t samples = 1;       ///< outputs to draw for each source, in the order in which they are given back
  int64_t max_length = 100;  ///< steps, the end token's included
  DecodingRules rules = {};  ///< change the probabilities that symbols are drawn by: {temperature(0.8), top_p(0.9)}
};

/// For each source `samples` outputs. What is drawn is a function of the generator, of the source's place in the batch
/// and of the sample's number: other sources, padding, threads and more samples change nothing. A call takes one number
/// of the generator. score is the sum of the changed log-probabilities of the symbols. source and source_lengths as for
/// greedy_search. Throws ValueError for samples or max_length below 1, and as greedy_search.
std::vector<std::vector<Hypothesis>> sample(const Seq2Seq& model, const Tensor& source, const Tensor& source_lengths,
                                            const SampleOptions& options = {},
                                            Generator& generator = default_generator());

}  // namespace heed

// Decoding rules: what changes the log-probabilities of the next symbols before a search chooses among them. A search
// calls its rules in their order at each step: {temperature(0.8), top_p(0.9)}.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include <heed/nn/seq2seq/seq2seq.h>

namespace heed {

/// An unfinished output, which is one row of the log-probabilities.
struct DecodingPrefix {
  int64_t source = 0;               ///< its place in the batch of sources
  std::span<const int64_t> tokens;  ///< so far; it may be looked at during the call only
};

/// What a rule is told beside the log-probabilities.
struct DecodingContext {
  std::vector<DecodingPrefix> prefixes = {};  ///< one for each row
  SpecialTokens special = {};
};

/// A rule of heed (namespace decoding) or of your own.
struct DecodingRule {
  std::string name;  ///< errors begin with it
  /// log_p: float64 (rows, V), contiguous, -∞ for what is forbidden, as pad and bos are. Changes elements, or assigns a
  /// tensor of the same shape and dtype. Neither NaN nor +∞ is taken.
  std::function<void(Tensor& log_p, const DecodingContext& context)> change;
};
using DecodingRules = std::vector<DecodingRule>;

namespace decoding {

/// Symbols that belong to an output so far.
using TokensOfPrefix = std::function<std::vector<int64_t>(const DecodingPrefix& prefix)>;

/// log softmax(log p / temperature): below 1 sharper, above 1 flatter. Throws ValueError unless it is above 0 and
/// finite.
DecodingRule temperature(double temperature);
/// Only the k most probable symbols; of equal ones the first. Throws ValueError for k below 1.
DecodingRule top_k(int64_t k);
/// Only the most probable symbols, as few as together have a probability of p or more among those that are possible
/// (nucleus sampling: Holtzman, Buys, Du, Forbes, Choi 2020, section 3.1). Throws ValueError unless 0 < p ≤ 1.
DecodingRule top_p(double p);
/// No end token before an output has `length` symbols. Throws ValueError when it is negative.
DecodingRule min_length(int64_t length);
/// No n symbols in a row that the output already has (Paulus, Xiong, Socher 2018, section 2.5, there n = 3). Throws
/// ValueError for n below 1.
DecodingRule no_repeat_ngram(int64_t n);
/// Only the symbols that `tokens` gives; the end token must be among them where an output may end. Throws ValueError
/// for a null function; in the search IndexError for a symbol outside the vocabulary.
DecodingRule allow(TokensOfPrefix tokens);
/// None of the symbols that `tokens` gives. Throws as allow().
DecodingRule forbid(TokensOfPrefix tokens);

}  // namespace decoding
}  // namespace heed

// SequencePair: a sequence of tokens and what is to be made of it: a translation, or a tag per token.
#pragma once

#include <cstdint>
#include <vector>

#include <heed/nn/data/pad_sequence.h>

namespace heed {

struct SequencePair {
  std::vector<int64_t> source = {};
  std::vector<int64_t> target = {};
};

struct PaddedPairs {
  PaddedTokens source;
  PaddedTokens target;
};

/// A batch of pairs. Targets that a loss leaves out may be padded with its ignore_index (-100 in cross_entropy).
/// Throws ValueError for no pairs.
PaddedPairs pad_pairs(const std::vector<SequencePair>& pairs, int64_t source_padding = 0, int64_t target_padding = 0);

/// A number per pair, for batches of pairs of about the same length (DataLoaderOptions::bucket): they are sorted by
/// the source's length and, among those of one length, by the target's.
std::vector<int64_t> lengths_of(const std::vector<SequencePair>& pairs);

}  // namespace heed

// Pairs of sequences: see sequence_pair.h.
#include <heed/nn/data/sequence_pair.h>

namespace heed {

PaddedPairs pad_pairs(const std::vector<SequencePair>& pairs, int64_t source_padding, int64_t target_padding) {
  std::vector<std::vector<int64_t>> sources, targets;
  for (const SequencePair& pair : pairs) {
    sources.push_back(pair.source);
    targets.push_back(pair.target);
  }
  return {pad_tokens(sources, source_padding), pad_tokens(targets, target_padding)};
}

std::vector<int64_t> lengths_of(const std::vector<SequencePair>& pairs) {
  constexpr int64_t kMoreThanAnyTarget = int64_t{1} << 31;
  std::vector<int64_t> lengths;
  lengths.reserve(pairs.size());
  for (const SequencePair& pair : pairs) {
    lengths.push_back(static_cast<int64_t>(pair.source.size()) * kMoreThanAnyTarget +
                      static_cast<int64_t>(pair.target.size()));
  }
  return lengths;
}

}  // namespace heed

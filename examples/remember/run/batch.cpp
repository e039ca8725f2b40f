// Batches: see batch.h.
#include "run/batch.h"

#include <algorithm>
#include <utility>

#include <heed/tensor/create.h>

#include "data/vocabulary.h"

namespace remember {

Padded pad(const std::vector<Tokens>& sequences) {
  const auto rows = static_cast<int64_t>(sequences.size());
  size_t longest = 0;
  for (const Tokens& sequence : sequences) {
    longest = std::max(longest, sequence.size());
  }
  std::vector<int64_t> ids(sequences.size() * longest, kPadToken);
  std::vector<int64_t> lengths;
  auto row = ids.begin();
  for (const Tokens& sequence : sequences) {
    std::copy(sequence.begin(), sequence.end(), row);
    row += static_cast<std::ptrdiff_t>(longest);
    lengths.push_back(static_cast<int64_t>(sequence.size()));
  }
  return {heed::from_vector(ids, {rows, static_cast<int64_t>(longest)}), heed::from_vector(lengths, {rows})};
}

Tokens with_marks(const Tokens& source, const SourceForm& form) {
  Tokens fed = source;
  if (form.marked) {
    fed.insert(fed.begin(), kStartToken);
    fed.push_back(kEndToken);
  }
  return fed;
}

Padded pad_sources(const std::vector<Tokens>& sources, const SourceForm& form) {
  std::vector<Tokens> fed;
  for (const Tokens& source : sources) {
    fed.push_back(with_marks(source, form));
    if (form.reversed) {
      std::reverse(fed.back().begin(), fed.back().end());
    }
  }
  return pad(fed);
}

Batch make_batch(const std::vector<Example>& examples, const SourceForm& form) {
  std::vector<Tokens> sources;
  std::vector<Tokens> targets;
  int64_t tokens = 0;
  for (const Example& example : examples) {
    sources.push_back(example.source);
    targets.push_back(example.target);
    targets.back().push_back(kEndToken);
    tokens += static_cast<int64_t>(sources.back().size() + targets.back().size());
  }
  return {pad_sources(sources, form), pad(targets).ids, tokens};
}

}  // namespace remember

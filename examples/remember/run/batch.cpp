// Batches: see batch.h.
#include "run/batch.h"

#include <algorithm>
#include <utility>

#include <heed/nn/data/pad_sequence.h>

#include "data/vocabulary.h"

namespace remember {

Padded pad(const std::vector<Tokens>& sequences) {
  heed::PaddedTokens padded = heed::pad_tokens(sequences, kPadToken);
  return {std::move(padded.tokens), std::move(padded.lengths)};
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

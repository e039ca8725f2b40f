// Batch: sequences of different lengths, padded and stacked into tensors.
#pragma once

#include <vector>

#include <heed/tensor/tensor.h>

#include "data/example.h"

namespace remember {

/// Padded sequences: ids int64 (B, longest), filled with kPadToken; lengths int64 (B).
struct Padded {
  heed::Tensor ids;
  heed::Tensor lengths;
};

Padded pad(const std::vector<Tokens>& sequences);

struct Batch {
  Padded source;
  heed::Tensor target;  ///< int64 (B, T), each with kEndToken at its end, padded with kPadToken
  int64_t tokens = 0;   ///< of sources and targets, without padding
};

/// How sources are fed to a model.
struct SourceForm {
  bool reversed = false;
  bool marked = false;  ///< <s> before the first token and </s> after the last
};

/// The source with <s> and </s> if the form has them, not reversed.
Tokens with_marks(const Tokens& source, const SourceForm& form);

/// The sources as the model reads them.
Padded pad_sources(const std::vector<Tokens>& sources, const SourceForm& form);

Batch make_batch(const std::vector<Example>& examples, const SourceForm& form);

}  // namespace remember

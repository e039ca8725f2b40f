// Batch: sequences of different lengths, filled up and stacked into tensors.
#pragma once

#include <vector>

#include <heed/tensor/tensor.h>

#include "data/example.h"

namespace remember {

/// A tensor of sequences: ids int64 (B, longest), short ones filled up with kPadToken; lengths int64 (B).
struct Padded {
  heed::Tensor ids;
  heed::Tensor lengths;
};

Padded pad(const std::vector<Tokens>& sequences);

struct Batch {
  Padded source;
  heed::Tensor target;  ///< int64 (B, T), each closed by kEndToken and filled up with kPadToken
  int64_t tokens = 0;   ///< of sources and targets, without what was filled up
};

/// How sources are fed to a model.
struct SourceForm {
  bool reversed = false;
  bool marked = false;  ///< <s> before the first token and </s> behind the last
};

/// The source with its marks, in its own direction.
Tokens with_marks(const Tokens& source, const SourceForm& form);

/// The sources as the model is to read them.
Padded pad_sources(const std::vector<Tokens>& sources, const SourceForm& form);

Batch make_batch(const std::vector<Example>& examples, const SourceForm& form);

}  // namespace remember

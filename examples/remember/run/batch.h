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

/// `reverse_source` turns each source round.
Batch make_batch(const std::vector<Example>& examples, bool reverse_source);

/// The sources as the model is to read them.
Padded pad_sources(std::vector<Tokens> sources, bool reverse_source);

}  // namespace remember

// pad_sequence: sequences of different lengths become one tensor. What is padding is told by lengths and a Mask.
#pragma once

#include <cstdint>
#include <vector>

#include <heed/autograd/mask.h>
#include <heed/tensor/tensor.h>

namespace heed {

/// Stacks sequences (L_i, …) behind each other into (T, B, …), or (B, T, …) if `batch_first`, T the largest L_i, filled
/// up with `padding_value` (torch.nn.utils.rnn.pad_sequence). Throws ValueError for no sequences, and as full();
/// ShapeError unless all have the same axes but the first; DTypeError unless all have one dtype.
Tensor pad_sequence(const std::vector<Tensor>& sequences, bool batch_first = false, Scalar padding_value = 0);

struct PaddedTokens {
  Tensor tokens = {};   ///< int64 (B, T)
  Tensor lengths = {};  ///< int64 (B)

  Mask mask() const { return Mask::lengths(lengths); }
};

/// Token numbers as (B, T), T the longest length, which may be 0. Throws ValueError for no sequences.
PaddedTokens pad_tokens(const std::vector<std::vector<int64_t>>& sequences, int64_t padding_value = 0);

}  // namespace heed

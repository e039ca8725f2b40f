// ALiBi, attention with linear biases: scores fall with distance, at a rate of each head's own (Press, Smith, Lewis
// 2022, "Train short, test long").
#pragma once

#include <cstdint>

#include <heed/tensor/tensor.h>

namespace heed {

/// (heads): for n a power of two the geometric sequence 2^(-8/n), 2^(-16/n), … (section 3). For other n those of the
/// power of two below, then every other one, from the first, of the power of two above (the authors' published code).
/// Throws ValueError unless heads ≥ 1.
Tensor alibi_slopes(int64_t heads, DType dtype = DType::float32);

/// (heads, T, S): -slope · |query's position - key's position|, to be added to the scores (section 3; behind a causal
/// mask |…| is their i - j). Queries start at position `offset`, keys at 0. A layer takes it as Mask::added(). Throws
/// ValueError.
Tensor alibi_bias(int64_t heads, int64_t targets, int64_t sources, int64_t offset = 0, DType dtype = DType::float32);

}  // namespace heed

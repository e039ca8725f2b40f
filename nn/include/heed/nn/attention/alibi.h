// ALiBi, attention with linear biases: scores fall with distance, at a rate of each head's own (Press, Smith, Lewis
// 2022, "Train short, test long"); and hard ALiBi, where some heads see the last positions only (Jelassi,
// Brandfonbrener, Kakade, Malach 2024, "Repeat after me").
#pragma once

#include <cstdint>

#include <heed/nn/attention/score_term.h>

namespace heed {

/// (heads): for n a power of two the geometric sequence 2^(-8/n), 2^(-16/n), … (section 3). For other n those of the
/// power of two below, then every other one, from the first, of the power of two above (the authors' published code).
/// Throws ValueError unless heads ≥ 1.
Tensor alibi_slopes(int64_t heads, DType dtype = DType::float32);

/// (heads, T, S): -slope · |query's position - key's position|, to be added to the scores (section 3; behind a causal
/// mask |…| is their i - j). Queries start at position `first`, keys at 0. A layer takes it as Mask::added(). Throws
/// ValueError.
Tensor alibi_bias(int64_t heads, int64_t targets, int64_t sources, int64_t first = 0, DType dtype = DType::float32);

/// (heads, T, S) bool, true = hidden: the first half of the heads, rounded up, see the last positions only, head i,
/// from 0, those from its query's position - i - 1 to it; the other heads see all positions and know nothing of them.
/// (The authors' heads begin with the query's own position alone, which the residual connection brings anyway.) Queries
/// start at position `first`, keys at 0. Throws ValueError.
Tensor hard_alibi_mask(int64_t heads, int64_t targets, int64_t sources, int64_t first = 0);

/// Adds alibi_bias().
class ALiBi : public ScoreTerm {
 public:
  AttentionResult attend(const Variable& query, const Variable& key, const Variable& value, const Mask& mask,
                         int64_t first, const ScaledDotProductOptions& options) const override;
};

/// Hides what hard_alibi_mask() hides.
class HardALiBi : public ScoreTerm {
 public:
  AttentionResult attend(const Variable& query, const Variable& key, const Variable& value, const Mask& mask,
                         int64_t first, const ScaledDotProductOptions& options) const override;
};

}  // namespace heed

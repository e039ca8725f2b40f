// Attention in tiles, as scaled_dot_product_attention() does it when nobody wants the weights.
#pragma once

#include <heed/autograd/attention.h>

namespace heed::detail {

/// False where only the way over the weights has what is asked for: a gradient of what is added to the scores, or
/// values with leading axes that the scores do not have.
bool can_be_tiled(const Shape& scores, const Variable& value, const ScoreMask& mask);

/// The output alone. All must be checked; `scores` is their shape, options.scale is given.
Variable tiled_attention(const Variable& query, const Variable& key, const Variable& value, const Shape& scores,
                         const ScoreMask& mask, const ScaledDotProductOptions& options);

}  // namespace heed::detail

// Random indices by weight.
#pragma once

#include <heed/tensor/random.h>

namespace heed {

/// int64: `samples` indices drawn in proportion to weights (N), or of each row of (B, N) → (B, samples). Floating
/// types; weights need not add up to 1. Without replacement no index is drawn twice of one row (Efraimidis and Spirakis
/// 2006, algorithm A: the order is that of successive draws). Throws ShapeError, DTypeError, and ValueError unless the
/// weights are finite, not negative and, of a row, not all 0, or enough of them above 0 without replacement.
Tensor multinomial(const Tensor& weights, int64_t samples, bool replacement = false,
                   Generator& generator = default_generator());

}  // namespace heed

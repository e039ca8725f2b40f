// Softmax and what is computed with it. Shifted by the largest element: no overflow at any input.
#pragma once

#include <heed/tensor/tensor.h>

namespace heed {

/// exp(x) / Σ exp(x) along `dim`. Floating types.
Tensor softmax(const Tensor& x, int64_t dim);
/// log(softmax(x)), computed as x - logsumexp(x).
Tensor log_softmax(const Tensor& x, int64_t dim);
/// Softmax along the last axis over the elements that `mask` (bool, broadcasts to x; true = masked) does not mask. A
/// masked element has weight exactly 0 and its value is never used, even NaN; a row that is all masked gives zeros.
Tensor masked_softmax(const Tensor& x, const Tensor& mask);

}  // namespace heed

// Triangles of matrices.
#pragma once

#include <heed/tensor/tensor.h>

namespace heed {

/// x (…, R, C) with zeros above the diagonal, or `diagonal` places above it (negative: below). Any dtype. Throws
/// ShapeError.
Tensor tril(const Tensor& x, int64_t diagonal = 0);
/// x with zeros below it.
Tensor triu(const Tensor& x, int64_t diagonal = 0);

}  // namespace heed

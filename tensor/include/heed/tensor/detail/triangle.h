// What tril and triu of tensors and Variables fill with zeros.
#pragma once

#include <heed/tensor/tensor.h>

namespace heed {

/// bool (R, C): what lies above the diagonal of x (…, R, C). Throws ShapeError in the name of `op`.
Tensor above_diagonal(const Tensor& x, int64_t diagonal, const char* op);
/// The same below it.
Tensor below_diagonal(const Tensor& x, int64_t diagonal, const char* op);

}  // namespace heed

// Where the extreme element of a line stands: what argmax, argmin and their like run on.
#pragma once

#include <heed/tensor/tensor.h>

namespace heed::detail {

/// Index of the first largest, or smallest, element along `dim` (the first NaN, if any), which keeps the size 1. Throws
/// in the name of `op`.
Tensor index_of_extreme(const Tensor& x, int64_t dim, bool largest, const char* op);

}  // namespace heed::detail

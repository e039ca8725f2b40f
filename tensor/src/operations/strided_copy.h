// Copies elements between layouts, converting them on the way.
#pragma once

#include <heed/tensor/tensor.h>

namespace heed::detail {

/// Writes source to target element by element. Both have one shape; dtypes may differ (see to()).
void strided_copy(Tensor& target, const Tensor& source);

}  // namespace heed::detail

// The largest number of a dtype.
#pragma once

#include <limits>

#include <heed/tensor/dtype.h>

namespace heed::detail {

/// Of float32 or float64.
inline double largest_number(DType dtype) {
  return dtype == DType::float32 ? double{std::numeric_limits<float>::max()} : std::numeric_limits<double>::max();
}

}  // namespace heed::detail

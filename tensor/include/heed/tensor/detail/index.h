// What indices are checked by.
#pragma once

#include <cstdint>
#include <string_view>

#include <heed/tensor/tensor.h>

namespace heed::detail {

/// Throws DTypeError unless `index` is int64, and IndexError, naming value and place, for one outside 0 … size-1, in
/// the name of `op`: before anything is written.
void require_indices(const Tensor& index, int64_t size, std::string_view op);

}  // namespace heed::detail

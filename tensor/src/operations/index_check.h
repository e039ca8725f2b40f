// What the indexing families share: indices that are checked before anything is written.
#pragma once

#include <string_view>

#include <heed/tensor/tensor.h>

namespace heed::detail {

/// Throws DTypeError unless `index` is int64, and IndexError, naming value and place, for one outside 0 … size-1.
void require_indices(const Tensor& index, int64_t size, std::string_view op);

}  // namespace heed::detail

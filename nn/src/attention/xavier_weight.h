// The weights that attention's layers start with.
#pragma once

#include <heed/nn/core/init.h>
#include <heed/tensor/create.h>

namespace heed::detail {

/// A parameter (rows, columns), Xavier-uniform.
inline Variable xavier_weight(int64_t rows, int64_t columns) {
  Variable weight(empty({rows, columns}), true);
  xavier_uniform_(weight);
  return weight;
}

}  // namespace heed::detail

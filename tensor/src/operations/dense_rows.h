// Rows as kernels need them.
#pragma once

#include <heed/tensor/create.h>
#include <heed/tensor/tensor.h>

namespace heed::detail {

/// x (rank 1 or more) if the elements of its last axis are adjacent, else a copy.
inline Tensor with_dense_rows(const Tensor& x) {
  return x.shape().back() <= 1 || x.strides().back() == 1 ? x : clone(x);
}

}  // namespace heed::detail

// How an operation that writes into a tensor protects the operands that it reads.
#pragma once

#include <heed/tensor/create.h>
#include <heed/tensor/overlap.h>

namespace heed::detail {

/// Which elements of a source are read before one is written: that of the same index, or any.
enum class Reads { same_index, any };

/// `source`, or a copy of it (kept in `copy`) where writing to `out` would change elements before they are read.
inline const Tensor& readable(const Tensor& source, const Tensor& out, Reads reads, Tensor& copy) {
  if (!shares_memory(source, out) || (reads == Reads::same_index && same_view(source, out))) {
    return source;
  }
  copy = clone(source);
  return copy;
}

}  // namespace heed::detail

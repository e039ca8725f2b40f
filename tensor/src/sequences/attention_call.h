// AttentionCall: one call of attention over a batch of heads, checked and made ready for the kernels.
#pragma once

#include <array>

#include <heed/tensor/detail/attention.h>

#include "kernels/attention.h"
#include "operations/loops.h"

namespace heed::detail {

/// Its operands, in the order of the offsets below. Undefined ones do not take part.
enum AttentionOperand {
  kQuery,
  kKey,
  kValue,
  kHiddenMask,
  kAdded,
  kNonfiniteQueries,
  kNonfiniteKeys,
  kAttentionOperands
};

struct AttentionCall {
  std::array<Tensor, kAttentionOperands> operands;
  Tensor nonfinite_values;  ///< where value was not finite, when something is hidden; or undefined
  TiledAttentionOptions options;
  bool finite;  ///< all is known to be finite
  Shape leading;
  int64_t targets, sources, size, value_size;

  /// Throws ShapeError, DTypeError, ValueError. Where something is hidden and not all is finite, what is not is taken
  /// out of the operands, and flagged; unless it is known that all is.
  AttentionCall(const Tensor& query, const Tensor& key, const Tensor& value, const TiledAttentionOptions& given,
                bool known_to_be_finite = false);

  int64_t heads() const { return leading.numel(); }
  int64_t scores() const { return heads() * targets * sources; }
  Shape with_leading(int64_t rows) const;
  Shape with_leading(int64_t rows, int64_t columns) const;
  DType dtype() const { return operands[kQuery].dtype(); }

  /// The offset of head `index` in a tensor whose leading axes broadcast to ours.
  int64_t offset(const Tensor& x, int64_t axes_of_head, int64_t index) const;
  template <class T>
  kernels::AttentionHead<T> head(int64_t index) const;

 private:
  void set_nonfinite_to_zero();
};

template <class T>
kernels::Grid<const T> grid_of(const Tensor& x, int64_t offset) {
  return {x.data<T>() + offset, x.strides()[x.rank() - 2], x.strides().back()};
}

extern template kernels::AttentionHead<float> AttentionCall::head(int64_t) const;
extern template kernels::AttentionHead<double> AttentionCall::head(int64_t) const;

}  // namespace heed::detail

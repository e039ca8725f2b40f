// Joins, splits and indexes tensors. Indices are int64; one out of range throws IndexError with its value and place.
#pragma once

#include <initializer_list>
#include <vector>

#include <heed/tensor/tensor.h>

namespace heed {

/// Joined along an existing axis; all other sizes must agree. Throws ShapeError (also for an empty list), DTypeError.
Tensor cat(const std::vector<Tensor>& tensors, int64_t dim = 0);
/// Joined along a new axis. Throws ShapeError, DTypeError.
Tensor stack(const std::vector<Tensor>& tensors, int64_t dim = 0);
// `cat({a, b})` of tensors and of Variables: braces alone would fit both lists.
inline Tensor cat(std::initializer_list<Tensor> tensors, int64_t dim = 0) {
  return cat(std::vector<Tensor>(tensors), dim);
}
inline Tensor stack(std::initializer_list<Tensor> tensors, int64_t dim = 0) {
  return stack(std::vector<Tensor>(tensors), dim);
}
/// Views of `size` elements each along `dim`; the last may be smaller.
std::vector<Tensor> split(const Tensor& x, int64_t size, int64_t dim = 0);
/// Views of the given sizes, which must add up. Throws ShapeError.
std::vector<Tensor> split(const Tensor& x, const std::vector<int64_t>& sizes, int64_t dim = 0);
/// The same: `split(x, {3})` is one piece of size 3, which is all of x or an error, and not pieces of size 3.
inline std::vector<Tensor> split(const Tensor& x, std::initializer_list<int64_t> sizes, int64_t dim = 0) {
  return split(x, std::vector<int64_t>(sizes), dim);
}
/// A copy with the order along each of `dims` reversed.
Tensor flip(const Tensor& x, const Dims& dims);

/// out[i…][j][k…] = x[i…][index[i…][j][k…]][k…], j running along `dim`. index: int64, rank of x, sizes ≤ x's off `dim`.
Tensor gather(const Tensor& x, int64_t dim, const Tensor& index);
/// A copy of x with source added at the places gather would read: the adjoint of gather. Repeated places add up.
Tensor scatter_add(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& source);
/// The slices of x along `dim` that `index` (rank 1) names.
Tensor index_select(const Tensor& x, int64_t dim, const Tensor& index);
/// A copy of x with slice j of source added to slice index[j] along `dim`: the adjoint of index_select.
Tensor index_add(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& source);
/// Rows of weight (V, E) by ids of any shape: (…) → (…, E).
Tensor embedding(const Tensor& weight, const Tensor& ids);

/// The causal mask, (T, S) bool: true (masked) where column > row + diagonal.
Tensor causal_mask(int64_t rows, int64_t columns, int64_t diagonal = 0);
/// The padding mask, (B, T) bool: true (masked) from each sequence's length on. lengths: int64 (B).
Tensor padding_mask(const Tensor& lengths, int64_t steps);

}  // namespace heed

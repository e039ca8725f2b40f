// Creates tensors: filled, counted or from C++ values; copies and conversions.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <vector>

#include <heed/tensor/tensor.h>

namespace heed {

/// Uninitialised elements. This and the others throw ShapeError for negative sizes or too many elements.
Tensor empty(const Shape& shape, DType dtype = DType::float32);
Tensor zeros(const Shape& shape, DType dtype = DType::float32);
Tensor ones(const Shape& shape, DType dtype = DType::float32);
/// Every element `value`, converted to `dtype` (bool is value != 0). Throws ValueError when int64 cannot hold it: a
/// fraction, out of range, NaN.
Tensor full(const Shape& shape, Scalar value, DType dtype = DType::float32);
Tensor empty_like(const Tensor& x);
Tensor zeros_like(const Tensor& x);
Tensor ones_like(const Tensor& x);
Tensor full_like(const Tensor& x, Scalar value);
/// Rank 0. Throws as full().
Tensor scalar(Scalar value, DType dtype = DType::float32);

/// begin, begin+step, … below `end` (above it for a negative step); exact where all three are whole. Throws ValueError
/// for a step of 0, for what is not finite, and for int64 unless all three are whole numbers in range.
Tensor arange(Scalar begin, Scalar end, Scalar step = 1, DType dtype = DType::int64);
/// 0 … end-1 as int64. Throws ValueError unless `end` is a whole number ≥ 0.
Tensor arange(Scalar end);
/// The n × n identity.
Tensor eye(int64_t n, DType dtype = DType::float32);

/// The values in row-major order. Throws ShapeError unless there are as many as the shape holds.
template <class T>
Tensor from_vector(const std::vector<T>& values, const Shape& shape);
/// A rank-1 tensor: `tensor<float>({1, 2, 3})`.
template <class T>
Tensor tensor(std::initializer_list<T> values) {
  return from_vector(std::vector<T>(values), {static_cast<int64_t>(values.size())});
}

/// x itself when its elements are in row-major order without gaps, else a copy that is.
Tensor contiguous(const Tensor& x);
/// A copy with storage of its own, row-major.
Tensor clone(const Tensor& x);
/// x itself if it has that dtype, else a converted copy. Floating to int64 truncates, NaN gives 0, and a value out of
/// range gives the nearest value in range; to bool gives x != 0.
Tensor to(const Tensor& x, DType dtype);

// Writing into a tensor throws ValueError when its elements share memory (see overlap.h).

/// Writes `value`, converted, to every element of x. Throws as full().
void fill_(Tensor& x, Scalar value);
/// Writes `source`, broadcast to x's shape, into x, as it was before the first write. Throws ShapeError, DTypeError.
void copy_(Tensor& x, const Tensor& source);

}  // namespace heed

// Creates tensors: filled, counted or from C++ values; copies and conversions.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <vector>

#include <heed/tensor/error.h>
#include <heed/tensor/tensor.h>

namespace heed {

namespace detail {
/// (rows, columns). Throws ShapeError, "tensor: …", unless all rows have `columns` elements.
template <class T>
Shape shape_of_rows(std::initializer_list<std::initializer_list<T>> rows) {
  const size_t columns = rows.size() == 0 ? 0 : rows.begin()->size();
  for (const std::initializer_list<T>& row : rows) {
    check<ShapeError>(row.size() == columns, "tensor", "all rows must be equally long, got ", columns, " and ",
                      row.size());
  }
  return {static_cast<int64_t>(rows.size()), static_cast<int64_t>(columns)};
}
template <class T>
std::vector<T> joined_rows(std::initializer_list<std::initializer_list<T>> rows) {
  std::vector<T> values;
  for (const std::initializer_list<T>& row : rows) {
    values.insert(values.end(), row);
  }
  return values;
}
}  // namespace detail

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
/// `steps` numbers from begin to end, both included, at equal distances. Floating types. Throws ValueError for fewer
/// than 0 steps and for what is not finite.
Tensor linspace(Scalar begin, Scalar end, int64_t steps, DType dtype = DType::float32);
/// The n × n identity.
Tensor eye(int64_t n, DType dtype = DType::float32);

/// The values in row-major order, of their C++ type: float, double, bool; integers of any size give int64. Throws
/// ShapeError unless there are as many as the shape holds, ValueError for an integer that int64 cannot hold.
template <class T>
Tensor from_vector(const std::vector<T>& values, const Shape& shape);
template <std::integral T>
requires(!std::same_as<T, bool> && !std::same_as<T, int64_t>) Tensor
    from_vector(const std::vector<T>& values, const Shape& shape) {
  std::vector<int64_t> whole;
  whole.reserve(values.size());
  for (const T value : values) {
    whole.push_back(Scalar(value).template to<int64_t>("from_vector"));
  }
  return from_vector(whole, shape);
}
/// A rank-1 tensor: `tensor({1, 2, 3})` is int64, `tensor({0.5f})` float32, `tensor({0.5})` float64, as C++ has them.
template <class T>
Tensor tensor(std::initializer_list<T> values) {
  return from_vector(std::vector<T>(values), {static_cast<int64_t>(values.size())});
}
/// A rank-2 tensor of rows: `tensor({{1, 2}, {3, 4}})`. Throws ShapeError unless all are equally long.
template <class T>
Tensor tensor(std::initializer_list<std::initializer_list<T>> rows) {
  return from_vector(detail::joined_rows(rows), detail::shape_of_rows(rows));
}
/// The same with numbers converted to `dtype` as full() does: `tensor({1, 2, 3}, DType::float32)`.
Tensor tensor(std::initializer_list<Scalar> values, DType dtype);
Tensor tensor(std::initializer_list<std::initializer_list<Scalar>> rows, DType dtype);

/// x itself when its elements are in row-major order without gaps, else a copy that is.
Tensor contiguous(const Tensor& x);
/// A copy with storage of its own, row-major.
Tensor clone(const Tensor& x);
/// x itself if it has that dtype, else a converted copy. Floating to int64 truncates, NaN gives 0, and a value out of
/// range gives the nearest value in range; to bool gives x != 0.
Tensor to(const Tensor& x, DType dtype);

// Writing into a tensor throws ValueError when its elements share memory (see overlap.h). A view can be written as it
// is made: `fill_(narrow(x, 0, 1, 2), 0)`.

/// Writes `value`, converted, to every element of x. Throws as full().
void fill_(Tensor& x, Scalar value);
inline void fill_(Tensor&& view, Scalar value) { fill_(view, value); }
/// Writes `source`, broadcast to x's shape, into x, as it was before the first write. Throws ShapeError, DTypeError.
void copy_(Tensor& x, const Tensor& source);
inline void copy_(Tensor&& view, const Tensor& source) { copy_(view, source); }

}  // namespace heed

// A row-major array of float64: what references of operations on whole arrays are computed with.
#pragma once

#include <vector>

#include "support/reference.h"

namespace heed::test {

struct Array {
  Shape shape;
  std::vector<double> values;

  double at(const Shape& index) const {
    int64_t place = 0;
    for (int64_t axis = 0; axis < shape.rank(); ++axis) {
      place = place * shape[axis] + index[axis];
    }
    return values[static_cast<size_t>(place)];
  }
};
using Arrays = std::vector<Array>;

inline Array array_of(const Tensor& x) { return {x.shape(), values(x)}; }

/// The array of `shape` whose element at each index is f(index).
template <class F>
Array array_of(const Shape& shape, const F& f) {
  Array result{shape, {}};
  for_each_index(shape, [&](const Shape& index) { result.values.push_back(f(index)); });
  return result;
}

/// f(lines of the arrays along `axis`), a line each time: all arrays have one shape, as has the result.
template <class Line, class F>
Array along(const Arrays& x, int64_t axis, const F& f) {
  Array result = x[0];
  Shape starts = result.shape;
  const Strides strides = contiguous_strides(result.shape);
  const int64_t size = starts[axis];
  starts[axis] = size == 0 ? 0 : 1;
  for_each_index(starts, [&](const Shape& start) {
    int64_t first = 0;
    for (int64_t i = 0; i < starts.rank(); ++i) {
      first += start[i] * strides[i];
    }
    std::vector<Line> lines(x.size());
    for (size_t k = 0; k < x.size(); ++k) {
      for (int64_t i = 0; i < size; ++i) {
        lines[k].push_back(x[k].values[static_cast<size_t>(first + i * strides[axis])]);
      }
    }
    const Line line = f(lines);
    for (int64_t i = 0; i < size; ++i) {
      result.values[static_cast<size_t>(first + i * strides[axis])] = static_cast<double>(line[static_cast<size_t>(i)]);
    }
  });
  return result;
}

/// The shape of a reduction over `axes`.
inline Shape reduced_shape(const Shape& shape, const Dims& axes, bool keepdim) {
  Shape result;
  for (int64_t axis = 0; axis < shape.rank(); ++axis) {
    if (!axes.contains(axis) || keepdim) {
      result.push_back(axes.contains(axis) ? 1 : shape[axis]);
    }
  }
  return result;
}

/// f of the elements that differ only along `dims`.
template <class Line, class F>
Array reduced(const Array& x, const Dims& dims, bool keepdim, const F& f) {
  const Dims axes = normalize_dims(dims, x.shape.rank(), "reduced");
  const Shape kept = reduced_shape(x.shape, axes, true);
  const Strides strides = contiguous_strides(kept);
  std::vector<Line> lines(static_cast<size_t>(kept.numel()));
  size_t next = 0;
  for_each_index(x.shape, [&](const Shape& index) {
    int64_t place = 0;
    for (int64_t axis = 0; axis < kept.rank(); ++axis) {
      place += axes.contains(axis) ? 0 : index[axis] * strides[axis];
    }
    lines[static_cast<size_t>(place)].push_back(x.values[next++]);
  });
  Array result{reduced_shape(x.shape, axes, keepdim), {}};
  for (const Line& line : lines) {
    result.values.push_back(static_cast<double>(f(line)));
  }
  return result;
}

/// NumPy's matmul of operands of two axes or more: (…, M, K) × (…, K, N).
inline Array matrix_product(const Array& a, const Array& b) {
  const auto batch_of = [](const Shape& shape) {
    return Shape(std::span(shape.begin(), static_cast<size_t>(shape.rank() - 2)));
  };
  const Shape left_batch = batch_of(a.shape), right_batch = batch_of(b.shape);
  Shape shape = broadcast_shapes(left_batch, right_batch, "matrix_product");
  shape.push_back(a.shape[a.shape.rank() - 2]);
  shape.push_back(b.shape.back());
  return array_of(shape, [&](const Shape& index) {
    Shape left = broadcast_index(batch_of(index), left_batch), right = broadcast_index(batch_of(index), right_batch);
    left.push_back(index[index.rank() - 2]);
    left.push_back(0);
    right.push_back(0);
    right.push_back(index.back());
    double sum = 0;
    for (int64_t k = 0; k < a.shape.back(); ++k) {
      left[left.rank() - 1] = right[right.rank() - 2] = k;
      sum += a.at(left) * b.at(right);
    }
    return sum;
  });
}

/// x (…, I), weight (O, I) and, where given, bias (O): x Wᵀ + b.
inline Array linear_reference(const Arrays& x) {
  const Array& weight = x[1];
  Shape shape = x[0].shape;
  shape[shape.rank() - 1] = weight.shape[0];
  return array_of(shape, [&](const Shape& index) {
    Shape place = index;
    double sum = x.size() > 2 ? x[2].at({index.back()}) : 0;
    for (int64_t i = 0; i < weight.shape[1]; ++i) {
      place[place.rank() - 1] = i;
      sum += x[0].at(place) * weight.at({index.back(), i});
    }
    return sum;
  });
}

}  // namespace heed::test

// References of the operations that pick elements by index and add them back, for tensors and for Variables.
#pragma once

#include <utility>

#include "support/array.h"

namespace heed::test {

inline int64_t index_at(const Array& index, const Shape& place) { return static_cast<int64_t>(index.at(place)); }

/// `place` with another index along `axis`.
inline Shape moved(Shape place, int64_t axis, int64_t index) {
  place[axis] = index;
  return place;
}

/// `target` plus each element of `source` at the place of it that place(index) names.
template <class F>
Array added(Array target, const Array& source, const F& place) {
  const Strides strides = contiguous_strides(target.shape);
  for_each_index(source.shape, [&](const Shape& index) {
    const Shape at = place(index);
    int64_t offset = 0;
    for (int64_t axis = 0; axis < at.rank(); ++axis) {
      offset += at[axis] * strides[axis];
    }
    target.values[static_cast<size_t>(offset)] += source.at(index);
  });
  return target;
}

inline Array flip_reference(const Array& x, const Dims& axes) {
  return array_of(x.shape, [&](Shape index) {
    for (const int64_t axis : axes) {
      index[axis] = x.shape[axis] - 1 - index[axis];
    }
    return x.at(index);
  });
}
inline Array gather_reference(const Array& x, int64_t axis, const Array& index) {
  return array_of(index.shape, [&](const Shape& i) { return x.at(moved(i, axis, index_at(index, i))); });
}
inline Array scatter_add_reference(const Array& x, int64_t axis, const Array& index, const Array& source) {
  return added(x, source, [&](const Shape& i) { return moved(i, axis, index_at(index, i)); });
}
inline Array index_select_reference(const Array& x, int64_t axis, const Array& index) {
  return array_of(moved(x.shape, axis, index.shape[0]),
                  [&](const Shape& i) { return x.at(moved(i, axis, index_at(index, {i[axis]}))); });
}
inline Array index_add_reference(const Array& x, int64_t axis, const Array& index, const Array& source) {
  return added(x, source, [&](const Shape& i) { return moved(i, axis, index_at(index, {i[axis]})); });
}
inline Array embedding_reference(const Array& weight, const Array& ids) {
  Shape shape = ids.shape;
  shape.push_back(weight.shape[1]);
  return array_of(shape, [&](Shape index) {
    const int64_t column = index.back();
    index.erase(index.rank() - 1);
    return weight.at({index_at(ids, index), column});
  });
}

}  // namespace heed::test

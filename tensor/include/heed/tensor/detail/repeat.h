// Copies side by side, of tensors and of Variables.
#pragma once

#include <heed/tensor/error.h>
#include <heed/tensor/view.h>

namespace heed::detail {

/// Throws as repeat().
void require_repeats(const Tensor& x, const Shape& repeats);

/// x, a Tensor or Variable, repeated along one axis after the other; require_repeats() holds.
template <class X>
X repeated(const X& x, const Shape& repeats) {
  Shape shape = x.shape();
  while (shape.rank() < repeats.rank()) {
    shape.insert(0, 1);
  }
  X result = reshape(x, shape);
  for (int64_t axis = 0; axis < repeats.rank(); ++axis) {
    if (repeats[axis] != 1) {
      Shape copies = shape;
      copies.insert(axis, repeats[axis]);
      shape[axis] *= repeats[axis];
      result = reshape(expand(unsqueeze(result, axis), copies), shape);
    }
  }
  return result;
}

}  // namespace heed::detail

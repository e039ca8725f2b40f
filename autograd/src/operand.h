// What the operations of several families share: inputs that may be undefined, gradients that may not be wanted.
#pragma once

#include <heed/autograd/node.h>
#include <heed/autograd/reduce.h>

namespace heed::detail {

/// The value of an input that may be undefined (no bias, no mask).
inline Tensor value_or_none(const Variable& x) { return x.defined() ? x.value() : Tensor(); }

/// gradient() if that of input `index` is wanted, summed over the axes along which the input was broadcast.
template <class Function>
Variable wanted(const BackwardContext& context, int64_t index, Function&& gradient) {
  return context.needs(index) ? sum_to(gradient(), context.input_shape(index)) : Variable();
}

/// Keeps `x` for backward only where a gradient will be computed from it.
inline Saved saved_if(bool needed, const Variable& x) { return needed ? Saved(x) : Saved(); }

}  // namespace heed::detail

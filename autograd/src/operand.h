// What the backward functions of several families share: gradients that are only computed where they are wanted.
#pragma once

#include <heed/autograd/node.h>
#include <heed/autograd/reduce.h>

namespace heed::detail {

/// gradient(), where somebody wants that of input `index`, summed over the axes along which the input was broadcast.
template <class Function>
Variable wanted(const BackwardContext& context, int64_t index, Function&& gradient) {
  return context.needs(index) ? sum_to(gradient(), context.input_shape(index)) : Variable();
}

/// Keeps `x` for backward only where a gradient will be computed from it.
inline Saved saved_if(bool needed, const Variable& x) { return needed ? Saved(x) : Saved(); }

}  // namespace heed::detail

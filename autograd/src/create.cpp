// Copies and conversions.
#include <heed/autograd/create.h>

#include <heed/autograd/node.h>

namespace heed {

Variable clone(const Variable& x) {
  return make_variable("clone", clone(x.value()), {x},
                       [](const BackwardContext& context) -> Gradients { return {context.grad()}; });
}

Variable contiguous(const Variable& x) { return x.defined() && x.value().is_contiguous() ? x : clone(x); }

Variable to(const Variable& x, DType dtype) {
  if (x.defined() && x.dtype() == dtype) {
    return x;
  }
  Tensor y = to(x.value(), dtype);
  if (!is_floating(dtype)) {
    return y;
  }
  return make_variable("to", std::move(y), {x}, [from = x.dtype()](const BackwardContext& context) -> Gradients {
    return {to(context.grad(), from)};
  });
}

}  // namespace heed

// Copies and conversions.
#include <heed/autograd/create.h>

#include <heed/autograd/node.h>
#include <heed/tensor/overlap.h>

namespace heed {

namespace {

/// `y`, a copy of x's value.
Variable copied(const char* name, const Variable& x, Tensor y) {
  return make_variable(name, std::move(y), {x},
                       [](const BackwardContext& context) -> Gradients { return {context.grad()}; });
}

}  // namespace

Variable clone(const Variable& x) { return copied("clone", x, clone(x.value())); }

Variable contiguous(const Variable& x) {
  Tensor y = contiguous(x.value());
  return same_view(y, x.value()) ? x : copied("contiguous", x, std::move(y));
}

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

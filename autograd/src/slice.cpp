// Slices of several axes at once, and their adjoint.
#include <heed/autograd/slice.h>

#include <heed/autograd/node.h>
#include <heed/tensor/create.h>

namespace heed {
namespace {

/// What slice(x, parts) gave, put back into zeros of x's `shape`.
Variable unslice(const Variable& part, const Shape& shape, const std::vector<Slice>& parts) {
  const Tensor whole = zeros(shape, part.dtype());
  copy_(slice(whole, parts), part.value());
  return make_variable("unslice", whole, {part},
                       [parts](const BackwardContext& context) -> Gradients { return {slice(context.grad(), parts)}; });
}

}  // namespace

Variable slice(const Variable& x, const std::vector<Slice>& parts) {
  return make_variable("slice", slice(x.value(), parts), {x}, [parts](const BackwardContext& context) -> Gradients {
    return {unslice(context.grad(), context.input_shape(0), parts)};
  });
}

}  // namespace heed

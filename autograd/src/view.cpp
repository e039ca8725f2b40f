// Views. Elements outside a view get gradient zero.
#include <heed/autograd/view.h>

#include <algorithm>

#include <heed/autograd/node.h>
#include <heed/autograd/reduce.h>
#include <heed/tensor/create.h>

namespace heed {
namespace {

/// What slice(x, dim, start, stop, step) gave, put back into zeros of x's `shape`: its adjoint.
Variable unslice(const Variable& part, const Shape& shape, int64_t dim, int64_t start, int64_t stop, int64_t step) {
  Tensor whole = zeros(shape, part.dtype());
  Tensor place = slice(whole, dim, start, stop, step);
  copy_(place, part.value());
  return make_variable("unslice", whole, {part}, [=](const BackwardContext& context) -> Gradients {
    return {slice(context.grad(), dim, start, stop, step)};
  });
}

/// Another shape for the same elements in the same order.
Variable reshaped(const char* name, const Variable& x, Tensor y) {
  return make_variable(name, std::move(y), {x}, [](const BackwardContext& context) -> Gradients {
    return {reshape(context.grad(), context.input_shape(0))};
  });
}

}  // namespace

Variable transpose(const Variable& x, int64_t dim0, int64_t dim1) {
  return make_variable(
      "transpose", transpose(x.value(), dim0, dim1), {x},
      [dim0, dim1](const BackwardContext& context) -> Gradients { return {transpose(context.grad(), dim0, dim1)}; });
}

Variable permute(const Variable& x, const Dims& dims) {
  Tensor y = permute(x.value(), dims);
  Dims inverse = dims;
  for (int64_t i = 0; i < x.rank(); ++i) {
    inverse[normalize_dim(dims[i], x.rank(), "permute")] = i;
  }
  return make_variable("permute", std::move(y), {x}, [inverse](const BackwardContext& context) -> Gradients {
    return {permute(context.grad(), inverse)};
  });
}

Variable slice(const Variable& x, int64_t dim, int64_t start, int64_t stop, int64_t step) {
  return make_variable("slice", slice(x.value(), dim, start, stop, step), {x},
                       [=](const BackwardContext& context) -> Gradients {
                         return {unslice(context.grad(), context.input_shape(0), dim, start, stop, step)};
                       });
}

Variable narrow(const Variable& x, int64_t dim, int64_t start, int64_t length) {
  return make_variable("narrow", narrow(x.value(), dim, start, length), {x},
                       [=](const BackwardContext& context) -> Gradients {
                         return {unslice(context.grad(), context.input_shape(0), dim, start, start + length, 1)};
                       });
}

Variable select(const Variable& x, int64_t dim, int64_t index) {
  Tensor y = select(x.value(), dim, index);
  const int64_t axis = normalize_dim(dim, x.rank(), "select");
  const int64_t start = index < 0 ? index + x.size(axis) : index;
  return make_variable("select", std::move(y), {x}, [axis, start](const BackwardContext& context) -> Gradients {
    return {unslice(unsqueeze(context.grad(), axis), context.input_shape(0), axis, start, start + 1, 1)};
  });
}

Variable expand(const Variable& x, const Shape& shape) {
  return make_variable("expand", expand(x.value(), shape), {x}, [](const BackwardContext& context) -> Gradients {
    return {sum_to(context.grad(), context.input_shape(0))};
  });
}

Variable squeeze(const Variable& x, int64_t dim) { return reshaped("squeeze", x, squeeze(x.value(), dim)); }

Variable squeeze(const Variable& x) { return reshaped("squeeze", x, squeeze(x.value())); }

Variable unsqueeze(const Variable& x, int64_t dim) { return reshaped("unsqueeze", x, unsqueeze(x.value(), dim)); }

Variable reshape(const Variable& x, const Shape& shape) { return reshaped("reshape", x, reshape(x.value(), shape)); }

Variable flatten(const Variable& x, int64_t start_dim, int64_t end_dim) {
  return reshaped("flatten", x, flatten(x.value(), start_dim, end_dim));
}

}  // namespace heed

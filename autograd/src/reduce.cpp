// Reductions. expand() passes a gradient back to the reduced elements without a copy.
#include <heed/autograd/reduce.h>

#include <algorithm>
#include <limits>

#include <heed/autograd/elementwise.h>
#include <heed/autograd/index.h>
#include <heed/autograd/node.h>
#include <heed/autograd/view.h>
#include <heed/tensor/create.h>
#include <heed/tensor/detail/operation_scope.h>
#include <heed/tensor/error.h>

namespace heed {
namespace {

/// What a reduction over `dims` gave, repeated along them to the `shape` that was reduced.
Variable unreduce(const Variable& reduced, const Dims& dims, const Shape& shape) {
  if (reduced.rank() == shape.rank()) {
    return expand(reduced, shape);
  }
  Shape kept = shape;
  for (const int64_t dim : dims) {
    kept[dim] = 1;
  }
  return expand(reshape(reduced, kept), shape);
}

void require_defined(const Variable& x, const char* op) {
  check(x.defined(), op, "needs defined tensors, got an undefined one");
}

int64_t count_of(const Shape& shape, const Dims& dims) {
  int64_t count = 1;
  for (const int64_t dim : dims) {
    count *= shape[dim];
  }
  return count;
}

/// Which elements are not the extreme one that `y`, of the reduced shape expanded, says. A NaN counts before any
/// number.
Tensor not_chosen(const Tensor& elements, const Tensor& reduced, const Tensor& y) {
  const Tensor others = ne(elements, y);
  return all_finite(reduced) ? others : logical_and(others, eq(elements, elements));
}

/// Equal extreme elements share the gradient evenly.
Variable extreme(const char* name, const Variable& x, const Tensor& y, const Dims& dims) {
  const Dims axes = normalize_dims(dims, x.rank(), name);
  return make_variable(
      name, y, {x}, [axes, in = Saved(x), out = Saved::output(y, 0)](const BackwardContext& context) -> Gradients {
        const Tensor elements = in.unpack(context).value();
        const Shape& shape = elements.shape();
        const Variable chosen = out.unpack(context).detach();
        const Tensor others = not_chosen(elements, chosen.value(), unreduce(chosen, axes, shape).value());
        const Tensor ties = to(sum(logical_not(others), axes), elements.dtype());
        const Variable grad = context.grad();
        const Variable share = grad / Variable(reshape(ties, grad.shape()));
        return {masked_fill(unreduce(share, axes, shape), others, 0)};
      });
}

}  // namespace

Variable sum(const Variable& x) {
  return make_variable("sum", sum(x.value()), {x}, [](const BackwardContext& context) -> Gradients {
    return {expand(context.grad(), context.input_shape(0))};
  });
}

Variable sum(const Variable& x, const Dims& dims, bool keepdim) {
  const detail::OperationScope operation("sum");
  require_defined(x, "sum");
  const Dims axes = normalize_dims(dims, x.rank(), "sum");
  return make_variable("sum", sum(x.value(), axes, keepdim), {x}, [axes](const BackwardContext& context) -> Gradients {
    return {unreduce(context.grad(), axes, context.input_shape(0))};
  });
}

Variable mean(const Variable& x) { return mean(x, all_axes(x.rank())); }

Variable mean(const Variable& x, const Dims& dims, bool keepdim) {
  const detail::OperationScope operation("mean");
  require_defined(x, "mean");
  const Dims axes = normalize_dims(dims, x.rank(), "mean");
  return make_variable("mean", mean(x.value(), axes, keepdim), {x},
                       [axes](const BackwardContext& context) -> Gradients {
                         const Shape& shape = context.input_shape(0);
                         const int64_t count = std::max<int64_t>(1, count_of(shape, axes));
                         return {unreduce(context.grad() / static_cast<double>(count), axes, shape)};
                       });
}

Variable var(const Variable& x) { return var(x, all_axes(x.rank())); }

Variable var(const Variable& x, const Dims& dims, bool unbiased, bool keepdim) {
  const detail::OperationScope operation("var");
  require_defined(x, "var");
  const Dims axes = normalize_dims(dims, x.rank(), "var");
  return make_variable("var", var(x.value(), axes, unbiased, keepdim), {x},
                       [axes, unbiased, in = Saved(x)](const BackwardContext& context) -> Gradients {
                         const Variable elements = in.unpack(context);
                         const int64_t count = count_of(elements.shape(), axes) - (unbiased ? 1 : 0);
                         const Variable slope =
                             (elements - mean(elements, axes, true)) * (2.0 / static_cast<double>(count));
                         return {unreduce(context.grad(), axes, elements.shape()) * slope};
                       });
}

Variable stddev(const Variable& x) { return stddev(x, all_axes(x.rank())); }

Variable stddev(const Variable& x, const Dims& dims, bool unbiased, bool keepdim) {
  const detail::OperationScope operation("stddev");
  require_defined(x, "stddev");
  const Dims axes = normalize_dims(dims, x.rank(), "stddev");
  const Tensor y = stddev(x.value(), axes, unbiased, keepdim);
  return make_variable(
      "stddev", y, {x},
      [axes, unbiased, in = Saved(x), out = Saved::output(y, 0)](const BackwardContext& context) -> Gradients {
        const Variable elements = in.unpack(context), root = out.unpack(context);
        const int64_t count = count_of(elements.shape(), axes) - (unbiased ? 1 : 0);
        // Where all elements are equal the slope of the root is infinite: there the gradient is 0.
        const Variable divisor = masked_fill(root, root.value() == 0, std::numeric_limits<double>::infinity());
        const Variable distance = elements - mean(elements, axes, true);
        const Variable slope = distance / unreduce(divisor, axes, elements.shape()) / static_cast<double>(count);
        return {unreduce(context.grad(), axes, elements.shape()) * slope};
      });
}

Variable max(const Variable& x) { return max(x, all_axes(x.rank())); }

Variable max(const Variable& x, const Dims& dims, bool keepdim) {
  const detail::OperationScope operation("max");
  return extreme("max", x, max(x.value(), dims, keepdim), dims);
}

Variable min(const Variable& x) { return min(x, all_axes(x.rank())); }

Variable min(const Variable& x, const Dims& dims, bool keepdim) {
  const detail::OperationScope operation("min");
  return extreme("min", x, min(x.value(), dims, keepdim), dims);
}

Variable logsumexp(const Variable& x) { return logsumexp(x, all_axes(x.rank())); }

Variable logsumexp(const Variable& x, const Dims& dims, bool keepdim) {
  const detail::OperationScope operation("logsumexp");
  require_defined(x, "logsumexp");
  const Dims axes = normalize_dims(dims, x.rank(), "logsumexp");
  const Tensor y = logsumexp(x.value(), axes, keepdim);
  return make_variable("logsumexp", y, {x},
                       [axes, in = Saved(x), out = Saved::output(y, 0)](const BackwardContext& context) -> Gradients {
                         const Variable elements = in.unpack(context);
                         const Tensor total = out.unpack(context).value();
                         // Where all elements are -∞ so is their sum: 0 in its place makes the gradient 0, not NaN.
                         const double infinity = std::numeric_limits<double>::infinity();
                         const Variable shift = masked_fill(total, eq(total, -infinity), 0);
                         const Variable powers = exp(elements - unreduce(shift, axes, elements.shape()));
                         // 1 but for the rounding of the total, which beside large elements takes all of it.
                         const Variable sums = sum(powers, axes, true);
                         const Tensor usable = logical_and(isfinite(sums.value()), gt(sums.value(), 0));
                         const Variable weights = powers / masked_fill(sums, logical_not(usable), 1);
                         return {unreduce(context.grad(), axes, elements.shape()) * weights};
                       });
}

Variable cumsum(const Variable& x, int64_t dim) {
  return make_variable("cumsum", cumsum(x.value(), dim), {x}, [dim](const BackwardContext& context) -> Gradients {
    return {flip(cumsum(flip(context.grad(), {dim}), dim), {dim})};
  });
}

Variable sum_to(const Variable& x, const Shape& shape) {
  if (x.shape() == shape) {
    return x;
  }
  return make_variable("sum_to", sum_to(x.value(), shape), {x}, [](const BackwardContext& context) -> Gradients {
    return {expand(context.grad(), context.input_shape(0))};
  });
}

}  // namespace heed

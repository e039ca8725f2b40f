// Softmax: one kernel forward and one backward; elementary operations where gradients of gradients are wanted.
#include <heed/autograd/softmax.h>

#include <heed/autograd/elementwise.h>
#include <heed/autograd/grad_mode.h>
#include <heed/autograd/node.h>
#include <heed/autograd/reduce.h>
#include <heed/tensor/detail/softmax.h>

namespace heed {
namespace {

Variable softmax_gradient(const Variable& grad, const Variable& y, int64_t dim) {
  if (!grad_enabled()) {
    return softmax_backward(grad.value(), y.value(), dim);
  }
  const Variable half = grad * 0.5;  // the difference of two gradients may be beyond the range
  return (y * 2.0) * (half - sum(y * half, {dim}, true));
}

Variable log_softmax_gradient(const Variable& grad, const Variable& y, int64_t dim) {
  if (!grad_enabled()) {
    return log_softmax_backward(grad.value(), y.value(), dim);
  }
  // By the mean, which is in the range where the sum may not be.
  const double half_count = 0.5 * static_cast<double>(y.size(dim));
  return (grad * 0.5 - (exp(y) * half_count) * mean(grad, {dim}, true)) * 2.0;
}

}  // namespace

Variable softmax(const Variable& x, int64_t dim) {
  const Tensor y = softmax(x.value(), dim);
  return make_variable("softmax", y, {x},
                       [dim, out = Saved::output(y, 0)](const BackwardContext& context) -> Gradients {
                         return {softmax_gradient(context.grad(), out.unpack(context), dim)};
                       });
}

Variable log_softmax(const Variable& x, int64_t dim) {
  const Tensor y = log_softmax(x.value(), dim);
  return make_variable("log_softmax", y, {x},
                       [dim, out = Saved::output(y, 0)](const BackwardContext& context) -> Gradients {
                         return {log_softmax_gradient(context.grad(), out.unpack(context), dim)};
                       });
}

Variable masked_softmax(const Variable& x, const Tensor& mask) {
  const Tensor y = masked_softmax(x.value(), mask);
  return make_variable(
      "masked_softmax", y, {x},
      [hidden = Saved::data(mask), out = Saved::output(y, 0)](const BackwardContext& context) -> Gradients {
        const Variable weights = out.unpack(context);
        if (!grad_enabled()) {
          return {softmax_backward(context.grad().value(), weights.value(), -1)};
        }
        // A masked weight is 0, but 0 times a NaN gradient would be NaN.
        const Tensor unseen = hidden.unpack(context).value();
        const Variable grad = masked_fill(context.grad(), unseen, 0);
        return {masked_fill(softmax_gradient(grad, weights, -1), unseen, 0)};
      });
}

}  // namespace heed

// Losses of classes.
#include <heed/nn/loss/classification_loss.h>

#include <limits>

#include <heed/autograd/detail/reduction.h>
#include <heed/autograd/elementwise.h>
#include <heed/autograd/index.h>
#include <heed/autograd/node.h>
#include <heed/autograd/reduce.h>
#include <heed/autograd/view.h>
#include <heed/tensor/create.h>
#include <heed/tensor/error.h>

#include "loss/same_shape.h"
#include "optim/largest_number.h"

namespace heed {

Variable nll_loss(const Variable& log_probabilities, const Tensor& target, const NLLOptions& options) {
  check<ShapeError>(log_probabilities.rank() == 2 && target.shape() == Shape{log_probabilities.size(0)}, "nll_loss",
                    "needs log-probabilities (N, C) and targets (N), got ", log_probabilities.shape(), " and ",
                    target.shape());
  check<DTypeError>(target.dtype() == DType::int64, "nll_loss", "targets must be int64, got ", target.dtype());
  const Tensor ignored = eq(target, options.ignore_index);
  // Where the target does not count, any class works: zero replaces the result there.
  const Tensor picked = unsqueeze(masked_fill(target, ignored, 0), 1);
  const bool no_class_needed = log_probabilities.size(1) == 0 && all(ignored, {0}).item<bool>();
  const Variable losses = no_class_needed ? sum(log_probabilities, {1})
                                          : masked_fill(-squeeze(gather(log_probabilities, 1, picked), 1), ignored, 0);
  const bool is_mean = options.reduction == Reduction::mean;
  return detail::reduced(losses, options.reduction,
                         is_mean ? detail::share_of_target(target, options.ignore_index) : 1);
}

namespace {

Tensor finite_losses(const Tensor& x, const Tensor& t) { return relu(x) - x * t + softplus(-abs(x)); }

/// The same, with its limit at infinite logits: 0 or infinite.
Tensor losses_of_logits(const Tensor& x, const Tensor& t) {
  if (all_finite(x)) {
    return finite_losses(x, t);
  }
  const double largest = detail::largest_number(x.dtype());
  const Tensor losses = finite_losses(clamp(x, -largest, largest), t);
  const Tensor infinite = logical_and(logical_not(isfinite(x)), gt(losses, 0));
  return masked_fill(losses, infinite, std::numeric_limits<double>::infinity());
}

}  // namespace

Variable binary_cross_entropy_with_logits(const Variable& input, const Variable& target, Reduction reduction) {
  detail::check_same_shape(input, target, "binary_cross_entropy_with_logits");
  const Tensor &x = input.value(), &t = target.value();
  const Variable losses =
      make_variable("binary_cross_entropy_with_logits", losses_of_logits(x, t), {input, target},
                    [logits = Saved(input), labels = Saved(target)](const BackwardContext& context) -> Gradients {
                      const Variable grad = context.grad(), saved = logits.unpack(context);
                      return {context.needs(0) ? grad * (sigmoid(saved) - labels.unpack(context)) : Variable(),
                              context.needs(1) ? -(grad * saved) : Variable()};
                    });
  return detail::reduced(losses, reduction);
}

}  // namespace heed

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
#include <heed/tensor/detail/softmax.h>
#include <heed/tensor/error.h>

#include "loss/same_shape.h"
#include "optim/largest_number.h"

namespace heed {
namespace {

constexpr const char* kBinary = "binary_cross_entropy_with_logits";

}  // namespace

Variable nll_loss(const Variable& log_probabilities, const Tensor& target, const NLLOptions& options) {
  check<ShapeError>(log_probabilities.rank() == 2 && target.shape() == Shape{log_probabilities.size(0)}, "nll_loss",
                    "needs log-probabilities (N, C) and targets (N), got ", log_probabilities.shape(), " and ",
                    target.shape());
  check<DTypeError>(target.dtype() == DType::int64, "nll_loss", "targets must be int64, got ", target.dtype());
  require_targets(log_probabilities.value(), target, options.ignore_index, 0, "nll_loss");
  detail::require_class_weight(options.weight, log_probabilities, "nll_loss");
  const Tensor ignored = eq(target, options.ignore_index);
  // Where the target does not count, any class works: zero replaces the result there.
  const Tensor picked = unsqueeze(masked_fill(target, ignored, 0), 1);
  const bool no_class_needed = log_probabilities.size(1) == 0 && all(ignored, {0}).item<bool>();
  const Variable losses = no_class_needed ? sum(log_probabilities, {1})
                                          : masked_fill(-squeeze(gather(log_probabilities, 1, picked), 1), ignored, 0);
  const Variable weighted =
      options.weight.defined()
          ? losses * Variable(detail::weights_of_targets(target, options.ignore_index, options.weight))
          : losses;
  const bool is_mean = options.reduction == Reduction::mean;
  return detail::reduced(weighted, options.reduction,
                         is_mean ? detail::share_of_target(target, options.ignore_index, options.weight) : 1);
}

namespace {

/// Of logits x and targets t, -t log σ(x) times `positive` where that is defined.
Tensor finite_losses(const Tensor& x, const Tensor& t, const Tensor& positive) {
  if (positive.defined()) {
    return positive * t * softplus(-x) + (1 - t) * softplus(x);
  }
  return relu(x) - x * t + softplus(-abs(x));
}

/// The same, with its limit at infinite logits: 0 or infinite.
Tensor losses_of_logits(const Tensor& x, const Tensor& t, const Tensor& positive) {
  if (all_finite(x)) {
    return finite_losses(x, t, positive);
  }
  const double largest = detail::largest_number(x.dtype());
  const Tensor losses = finite_losses(clamp(x, -largest, largest), t, positive);
  const Tensor infinite = logical_and(logical_not(isfinite(x)), gt(losses, 0));
  return masked_fill(losses, infinite, std::numeric_limits<double>::infinity());
}

/// The losses of single elements, one operation.
Variable losses_of(const Variable& input, const Variable& target, const Tensor& positive) {
  return make_variable(kBinary, losses_of_logits(input.value(), target.value(), positive), {input, target},
                       [logits = Saved(input), labels = Saved(target),
                        factor = Saved(Variable(positive))](const BackwardContext& context) -> Gradients {
                         const Variable grad = context.grad(), x = logits.unpack(context), p = factor.unpack(context);
                         Gradients result(2);
                         if (context.needs(0)) {
                           const Variable t = labels.unpack(context), s = sigmoid(x);
                           result[0] = grad * (p.defined() ? (1.0 - t) * s - p * t * sigmoid(-x) : s - t);
                         }
                         if (context.needs(1)) {
                           result[1] = grad * (p.defined() ? p * softplus(-x) - softplus(x) : -x);
                         }
                         return result;
                       });
}

/// Throws unless `weight` is undefined or of x's dtype and broadcasts to x.
void require_broadcast(const Tensor& weight, const Variable& x, const char* what) {
  if (weight.defined()) {
    check<DTypeError>(weight.dtype() == x.dtype(), kBinary, what, " must be ", x.dtype(), ", got ", weight.dtype());
    bool fits = weight.rank() <= x.rank();
    for (int64_t axis = -1; fits && axis >= -weight.rank(); --axis) {
      fits = weight.size(axis) == x.size(axis) || weight.size(axis) == 1;
    }
    check<ShapeError>(fits, kBinary, what, " must broadcast to ", x.shape(), ", got ", weight.shape());
  }
}

}  // namespace

Variable binary_cross_entropy_with_logits(const Variable& input, const Variable& target, Reduction reduction) {
  return binary_cross_entropy_with_logits(input, target, BinaryCrossEntropyOptions{.reduction = reduction});
}

Variable binary_cross_entropy_with_logits(const Variable& input, const Variable& target,
                                          const BinaryCrossEntropyOptions& options) {
  detail::check_same_shape(input, target, kBinary);
  require_broadcast(options.weight, input, "weight");
  require_broadcast(options.pos_weight, input, "pos_weight");
  const Variable losses = losses_of(input, target, options.pos_weight);
  return detail::reduced(options.weight.defined() ? losses * Variable(options.weight) : losses, options.reduction);
}

Variable kl_div(const Variable& input, const Variable& target, const KLDivOptions& options) {
  detail::check_same_shape(input, target, "kl_div");
  // Where the target is 0 so is the term, and neither logarithm counts, be it infinite.
  if (options.log_target) {
    const Tensor none = exp(target.value()) == 0;
    const Variable logarithm = masked_fill(target, none, 0);
    return detail::reduced(masked_fill(exp(logarithm), none, 0) * (logarithm - masked_fill(input, none, 0)),
                           options.reduction);
  }
  const Tensor none = target == 0;
  const Variable logarithm = log(masked_fill(target, none, 1));
  return detail::reduced(target * (logarithm - masked_fill(input, none, 0)), options.reduction);
}

}  // namespace heed

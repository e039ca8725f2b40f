// Cross-entropy from logits, one operation; and its composite.
#include <algorithm>

#include <heed/autograd/backward.h>
#include <heed/autograd/detail/composites.h>
#include <heed/autograd/detail/reduction.h>
#include <heed/autograd/elementwise.h>
#include <heed/autograd/grad_mode.h>
#include <heed/autograd/index.h>
#include <heed/autograd/node.h>
#include <heed/autograd/reduce.h>
#include <heed/autograd/view.h>
#include <heed/tensor/create.h>
#include <heed/tensor/detail/operation_scope.h>
#include <heed/tensor/detail/softmax.h>
#include <heed/tensor/error.h>

namespace heed {
namespace {

/// The factor of a row's loss.
double share_of_row(const Tensor& target, const CrossEntropyOptions& options) {
  return options.reduction == Reduction::mean ? detail::share_of_target(target, options.ignore_index, options.weight)
                                              : 1;
}

/// Throws IndexError, with its place, for a target that is none of the classes.
void require_classes(const Tensor& target, int64_t classes, int64_t ignore_index) {
  const Tensor rows = contiguous(target);
  const int64_t* const values = rows.data<int64_t>();
  const int64_t count = rows.numel();
  const int64_t first =
      std::find_if(values, values + count,
                   [&](int64_t value) { return value != ignore_index && (value < 0 || value >= classes); }) -
      values;
  if (first == count) {
    return;
  }
  Shape place = target.shape();
  for (int64_t axis = target.rank() - 1, rest = first; axis >= 0; --axis) {
    place[axis] = rest % target.shape()[axis];
    rest /= target.shape()[axis];
  }
  fail<IndexError>("cross_entropy", "target ", target.at<int64_t>(place), " at ", place, " is out of range for ",
                   classes, " classes");
}

/// Logits (…, C) and targets (…), reshaped to (N, C) and (N).
Variable cross_entropy_of_any_rank(const Variable& logits, const Tensor& target, const CrossEntropyOptions& options) {
  check(logits.defined() && target.defined(), "cross_entropy", "needs defined tensors, got an undefined one");
  Shape leading = logits.shape();
  check<ShapeError>(!leading.empty(), "cross_entropy", "needs logits (…, C), got ()");
  leading.erase(leading.rank() - 1);
  check<ShapeError>(target.shape() == leading, "cross_entropy", "needs logits (…, C) and a target (…), got ",
                    logits.shape(), " and ", target.shape());
  if (target.dtype() == DType::int64) {
    require_classes(target, logits.size(-1), options.ignore_index);
  }
  const int64_t count = target.numel();
  const Variable loss = cross_entropy(reshape(logits, {count, logits.size(-1)}), reshape(target, {count}), options);
  return options.reduction == Reduction::none ? reshape(loss, leading) : loss;
}

}  // namespace

Variable cross_entropy(const Variable& logits, const Tensor& target, const CrossEntropyOptions& options) {
  const detail::OperationScope operation("cross_entropy");
  if (logits.rank() != 2) {
    return cross_entropy_of_any_rank(logits, target, options);
  }
  if (options.weight.defined()) {
    require_targets(logits.value(), target, options.ignore_index, options.label_smoothing, "cross_entropy");
    detail::require_class_weight(options.weight, logits, "cross_entropy");
    return cross_entropy_composite(logits, target, options);
  }
  const Tensor rows = cross_entropy_rows(logits.value(), target, options.ignore_index, options.label_smoothing);
  const double share = share_of_row(target, options);
  return make_variable(
      "cross_entropy", detail::reduced(rows, options.reduction, share), {logits},
      [in = Saved(logits), classes = Saved::data(target), options, share](const BackwardContext& context) -> Gradients {
        const Variable x = in.unpack(context);
        const Tensor wanted = classes.unpack(context).value();
        if (grad_enabled()) {
          return composite_backward(context, {x}, [&](const std::vector<Variable>& inputs) {
            return std::vector{cross_entropy_composite(inputs[0], wanted, options)};
          });
        }
        const Tensor grad = context.grad().value();
        const Tensor of_rows = options.reduction == Reduction::none ? grad : expand(grad * share, wanted.shape());
        return {cross_entropy_rows_backward(of_rows, x.value(), wanted, options.ignore_index, options.label_smoothing)};
      });
}

Variable cross_entropy_composite(const Variable& logits, const Tensor& target, const CrossEntropyOptions& options) {
  check<ShapeError>(logits.rank() == 2 && target.shape() == Shape{logits.size(0)}, "cross_entropy",
                    "needs logits (N, C) and a target (N), got ", logits.shape(), " and ", target.shape());
  const Tensor ignored = unsqueeze(eq(target, options.ignore_index), 1);
  const Tensor classes = masked_fill(unsqueeze(target, 1), ignored, 0);
  const Variable nll = -log_softmax(masked_fill(logits, ignored, 0), 1);
  const Variable weighted = options.weight.defined() ? nll * Variable(options.weight) : nll;
  // Without classes all is ignored.
  const Variable chosen = logits.size(1) == 0 ? sum(weighted, {1}, true) : gather(weighted, 1, classes);
  const Variable mixed = chosen * (1 - options.label_smoothing) + mean(weighted, 1, true) * options.label_smoothing;
  const Variable rows = squeeze(masked_fill(mixed, ignored, 0), 1);
  return detail::reduced(rows, options.reduction, share_of_row(target, options));
}

}  // namespace heed

// The one reduction of losses: what becomes of the losses of single elements.
#pragma once

#include <cmath>

#include <heed/autograd/reduce.h>
#include <heed/autograd/softmax.h>
#include <heed/tensor/create.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>
#include <heed/tensor/index.h>

namespace heed::detail {

/// `losses` (Tensor or Variable) as they are, summed, or their mean.
template <class Losses>
Losses reduced(const Losses& losses, Reduction reduction) {
  if (reduction == Reduction::none) {
    return losses;
  }
  return reduction == Reduction::sum ? sum(losses) : mean(losses);
}

/// The same, where each counts for `share` in a mean: correct even where the sum of all overflows.
template <class Losses>
Losses reduced(const Losses& losses, Reduction reduction, double share) {
  if (reduction != Reduction::mean || losses.numel() == 0) {  // no losses: share is infinite
    return reduced(losses, reduction);
  }
  const Losses total = sum(losses);
  return std::isfinite(total.template item<double>()) ? total * share : sum(losses * share);
}

/// (N): the weight (C) of each target's class, 0 for `ignore_index`.
inline Tensor weights_of_targets(const Tensor& target, int64_t ignore_index, const Tensor& weight) {
  const Tensor ignored = target == ignore_index;
  // With no class there is nothing to pick from, and all are ignored.
  return weight.numel() == 0 ? zeros(target.shape(), weight.dtype())
                             : masked_fill(index_select(weight, 0, masked_fill(target, ignored, 0)), ignored, 0);
}

/// Throws unless `weight` is undefined or one number of x's dtype per class of x (N, C).
inline void require_class_weight(const Tensor& weight, const Variable& x, std::string_view op) {
  if (weight.defined()) {
    check<ShapeError>(weight.shape() == Shape{x.size(1)}, op, "the class weight must be ", Shape{x.size(1)}, ", got ",
                      weight.shape());
    check<DTypeError>(weight.dtype() == x.dtype(), op, "the class weight must be ", x.dtype(), ", got ",
                      weight.dtype());
  }
}

/// One over the number of targets (int64) that are not `ignore_index`, or over the sum of their classes' weights where
/// `weight` is defined; infinite when there is none.
inline double share_of_target(const Tensor& target, int64_t ignore_index, const Tensor& weight = Tensor()) {
  if (weight.defined()) {
    return 1.0 / sum(to(weights_of_targets(target, ignore_index, weight), DType::float64)).item();
  }
  return 1.0 / static_cast<double>(sum(to(ne(target, ignore_index), DType::int64)).item<int64_t>());
}

}  // namespace heed::detail

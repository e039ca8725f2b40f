// The one reduction of losses: what becomes of the losses of single elements.
#pragma once

#include <cmath>

#include <heed/autograd/reduce.h>
#include <heed/autograd/softmax.h>
#include <heed/tensor/create.h>
#include <heed/tensor/elementwise.h>

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

/// One over the number of targets (int64) that are not `ignore_index`; infinite when there is none.
inline double share_of_target(const Tensor& target, int64_t ignore_index) {
  return 1.0 / static_cast<double>(sum(to(ne(target, ignore_index), DType::int64)).item<int64_t>());
}

}  // namespace heed::detail

// Losses of numbers.
#include <heed/nn/loss/regression_loss.h>

#include <heed/autograd/detail/reduction.h>
#include <heed/autograd/elementwise.h>
#include <heed/tensor/error.h>

#include "loss/same_shape.h"

namespace heed {

Variable mse_loss(const Variable& input, const Variable& target, Reduction reduction) {
  detail::check_same_shape(input, target, "mse_loss");
  const Variable difference = input - target;
  return detail::reduced(difference * difference, reduction);
}

Variable l1_loss(const Variable& input, const Variable& target, Reduction reduction) {
  detail::check_same_shape(input, target, "l1_loss");
  return detail::reduced(abs(input - target), reduction);
}

Variable huber_loss(const Variable& input, const Variable& target, double delta, Reduction reduction) {
  detail::check_same_shape(input, target, "huber_loss");
  check(delta > 0, "huber_loss", "delta must be above 0, got ", delta);
  const Variable difference = input - target;
  // With c the clamped difference, c (d - c/2) is d²/2 inside and delta (|d| - delta/2) outside.
  const Variable clamped = clamp(difference, -delta, delta);
  return detail::reduced(clamped * (difference - clamped * 0.5), reduction);
}

Variable smooth_l1_loss(const Variable& input, const Variable& target, double beta, Reduction reduction) {
  detail::check_same_shape(input, target, "smooth_l1_loss");
  check(beta >= 0, "smooth_l1_loss", "beta must be 0 or more, got ", beta);
  const bool is_zero = input.dtype() == DType::float32 ? static_cast<float>(beta) == 0 : beta == 0;
  if (is_zero) {
    return l1_loss(input, target, reduction);
  }
  // huber_loss / beta, in the range of d: with r = clamp(d / beta, -1, 1), r (d - r beta/2).
  const Variable difference = input - target;
  const Variable ratio = clamp(difference / beta, -1, 1);
  return detail::reduced(ratio * (difference - ratio * (beta / 2)), reduction);
}

}  // namespace heed

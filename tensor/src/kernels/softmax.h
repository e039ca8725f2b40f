// Softmax, log-softmax, logsumexp and softmax cross-entropy of one contiguous row, forward and backward.
#pragma once

#include <cstdint>

#include "kernels/float_kernels.h"

namespace heed::kernels {

template <class T>
struct SoftmaxKernels {
  // y = exp(x - max) / sum of them. mask is nullptr or n bools, true = hidden: there y is exactly 0, and x is never
  // read into a result; a row with everything hidden is all 0. y may be x.
  void (*softmax)(const T* x, const bool* mask, T* y, int64_t n);
  // y = x - logsumexp(x). y may be x.
  void (*log_softmax)(const T* x, T* y, int64_t n);
  // dx = y (dy - sum(y dy)); 0 wherever y is 0, as in hidden positions, and dy is not read there. dx may be dy.
  void (*softmax_backward)(const T* y, const T* dy, T* dx, int64_t n);
  // dx = dy - exp(y) sum(dy), y the log-softmax. dx may be dy.
  void (*log_softmax_backward)(const T* y, const T* dy, T* dx, int64_t n);
  // log(sum(exp(x))); -inf of nothing.
  T (*logsumexp)(const T* x, int64_t n);
  // Loss of one row of logits x (n = V) against class `target`, 0 <= target < n, with label smoothing s (Szegedy et al.
  // 2016, section 7): logsumexp(x) - (1 - s) x[target] - s mean(x).
  T (*cross_entropy)(const T* x, int64_t n, int64_t target, T smoothing);
  // dx = scale (probabilities - (1 - s) onehot(target) - s / n). dx may be probabilities.
  void (*cross_entropy_backward)(const T* probabilities, int64_t n, int64_t target, T smoothing, T scale, T* dx);
};

// The kernels of the target in force.
const FloatKernels<SoftmaxKernels>& softmax();

}  // namespace heed::kernels

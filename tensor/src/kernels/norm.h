// Layer normalisation (Ba, Kiros, Hinton 2016, equation 4) and normalisation by the root of the mean square (Zhang,
// Sennrich 2019, equation 4) of contiguous rows, forward and backward.
#pragma once

#include <cstdint>

#include "kernels/float_kernels.h"

namespace heed::kernels {

template <class T>
struct NormKernels {
  // y = (x - mean) rstd gamma + beta, rstd = 1 / sqrt(variance + epsilon), the variance being biased and computed in a
  // second pass. gamma and beta may be nullptr (1 and 0). Writes the row's mean and rstd. y may be x.
  void (*layer_norm)(const T* x, const T* gamma, const T* beta, T epsilon, T* y, T* mean, T* rstd, int64_t n);
  // With u = dy gamma and v = (x - mean) rstd: dx = rstd (u - mean(u) - v mean(u v)). dx may be dy.
  void (*layer_norm_backward)(const T* x, const T* gamma, const T* dy, T mean, T rstd, T* dx, int64_t n);
  // dgamma[j] += sum over rows of dy (x - mean) rstd, dbeta[j] += sum of dy, row after row.
  // Split columns, never rows, over threads.
  void (*layer_norm_backward_parameters)(const T* x, const T* dy, int64_t row_stride, const T* mean, const T* rstd,
                                         int64_t rows, int64_t columns, T* dgamma, T* dbeta);

  // y = x r gamma, r = 1 / sqrt(mean(x²) + epsilon). gamma may be nullptr. Writes the row's r. y may be x.
  void (*rms_norm)(const T* x, const T* gamma, T epsilon, T* y, T* r, int64_t n);
  // With u = dy gamma and v = x r: dx = r (u - v mean(u v)). dx may be dy.
  void (*rms_norm_backward)(const T* x, const T* gamma, const T* dy, T r, T* dx, int64_t n);
  // dgamma[j] += sum over rows of dy x r. Split columns, as above.
  void (*rms_norm_backward_weight)(const T* x, const T* dy, int64_t row_stride, const T* r, int64_t rows,
                                   int64_t columns, T* dgamma);
};

// The kernels of the target in force.
const FloatKernels<NormKernels>& norm();

}  // namespace heed::kernels

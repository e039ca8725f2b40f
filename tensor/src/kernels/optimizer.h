// Fused optimiser updates of one parameter's n values: formulas in optimizer_step.h.
#pragma once

#include <cstdint>

#include <heed/tensor/detail/optimizer_step.h>

#include "kernels/float_kernels.h"

namespace heed::kernels {

template <class T>
struct OptimizerKernels {
  // momentum_buffer may be nullptr when momentum is 0.
  void (*sgd)(const SGDStep& step, const T* gradient, T* parameter, T* momentum_buffer, int64_t n);
  // second_maximum is nullptr unless amsgrad (Reddi et al. 2018).
  void (*adam)(const AdamStep& step, const T* gradient, T* parameter, T* first_moment, T* second_moment,
               T* second_maximum, int64_t n);
};

// The kernels of the target in force.
const FloatKernels<OptimizerKernels>& optimizer();

}  // namespace heed::kernels

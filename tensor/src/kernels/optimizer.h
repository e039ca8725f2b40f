// Fused optimiser updates of one parameter's n values, with PyTorch's formulas.
#pragma once

#include <cstdint>

namespace heed::kernels {

// torch.optim.SGD. The gradient used is gradient * gradient_scale + weight_decay * parameter.
template <class T>
struct SGDStep {
  T learning_rate;
  T momentum = 0;
  T dampening = 0;
  T weight_decay = 0;
  bool nesterov = false;
  bool first_step = false;  // the momentum buffer starts as the gradient, undampened
  T gradient_scale = 1;     // below 1 when the global norm is clipped
};

// torch.optim.Adam and AdamW (Kingma and Ba 2015, algorithm 1; Loshchilov and Hutter 2019, algorithm 2).
template <class T>
struct AdamStep {
  double learning_rate;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0;
  bool decoupled = false;   // AdamW: the decay shrinks the parameter; else it is added to the gradient
  double bias_correction1;  // 1 - beta1^t
  double bias_correction2;  // 1 - beta2^t
  T gradient_scale = 1;
};

template <class T>
struct OptimizerKernels {
  // momentum_buffer may be nullptr when momentum is 0.
  void (*sgd)(const SGDStep<T>& step, const T* gradient, T* parameter, T* momentum_buffer, int64_t n);
  // second_maximum is nullptr unless amsgrad (Reddi et al. 2018).
  void (*adam)(const AdamStep<T>& step, const T* gradient, T* parameter, T* first_moment, T* second_moment,
               T* second_maximum, int64_t n);
};

// The kernels of the target in force; T is float or double.
template <class T>
const OptimizerKernels<T>& optimizer();

}  // namespace heed::kernels

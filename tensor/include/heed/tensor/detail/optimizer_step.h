// The numbers of one step of an optimiser, the same for all elements of a parameter.
#pragma once

#include <cstdint>

namespace heed {

/// torch.optim.SGD: g += weight_decay p; b = momentum b + (1 - dampening) g; p -= learning_rate (b, or g + momentum b
/// with nesterov, or g without momentum).
struct SGDStep {
  double learning_rate = 0;
  double momentum = 0;
  double dampening = 0;
  double weight_decay = 0;
  bool nesterov = false;
  bool first_step = false;  ///< the buffer b starts as the gradient, undampened, whatever it holds
};

/// torch.optim.Adam (Kingma and Ba 2015, algorithm 1) and AdamW (Loshchilov and Hutter 2019, algorithm 2).
struct AdamStep {
  int64_t count = 1;  ///< of steps, this one included
  double learning_rate = 0;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0;
  bool decoupled = false;  ///< AdamW: the decay shrinks the parameter; else it is added to the gradient
};

}  // namespace heed

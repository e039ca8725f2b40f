// What optimisers do to plain data: fused updates of many parameters in one pass over memory, and the global norm.
// Every element is its own computation: the same bits at any thread count. Gradients are read as they were before the
// first write; what is written must have memory of its own.
#pragma once

#include <cstdint>
#include <span>

#include <heed/tensor/tensor.h>

namespace heed {

/// One parameter of an SGD step. All tensors have one shape and one floating dtype.
struct SGDItem {
  Tensor parameter;         ///< written
  Tensor gradient;          ///< read
  Tensor momentum_buffer;   ///< written; undefined when momentum is 0
  bool first_step = false;  ///< the buffer starts as the gradient, undampened, whatever it holds
  double learning_rate = 0;
  double momentum = 0;
  double dampening = 0;
  double weight_decay = 0;
  bool nesterov = false;
};

/// torch.optim.SGD: g += weight_decay p; b = momentum b + (1 - dampening) g; p -= learning_rate (b, or g + momentum b
/// with nesterov, or g without momentum). Throws ShapeError, DTypeError, ValueError before anything is written.
void sgd_update(std::span<const SGDItem> items);

/// One parameter of an Adam step. All tensors have one shape and one floating dtype.
struct AdamItem {
  Tensor parameter;       ///< written
  Tensor gradient;        ///< read
  Tensor first_moment;    ///< written
  Tensor second_moment;   ///< written
  Tensor second_maximum;  ///< written; undefined unless amsgrad (Reddi et al. 2018)
  int64_t step = 1;       ///< counts from 1
  double learning_rate = 0;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0;
  bool decoupled = false;  ///< AdamW: the decay shrinks the parameter; else it is added to the gradient
};

/// torch.optim.Adam (Kingma and Ba 2015, algorithm 1) and AdamW (Loshchilov and Hutter 2019, algorithm 2).
/// Throws ShapeError, DTypeError, ValueError before anything is written.
void adam_update(std::span<const AdamItem> items);

/// The same, for a caller who knows that no two elements that are written share memory, nor one with a gradient.
struct KnownApart {};
void sgd_update(std::span<const SGDItem> items, KnownApart);
void adam_update(std::span<const AdamItem> items, KnownApart);

/// sqrt(Σ x²) over all elements of all tensors, of floating types; right also where squares leave the dtype's range,
/// and infinite or NaN where an element is. Reads each element once but in that case; blocks of a fixed size are summed
/// in order, in float64.
double global_norm(std::span<const Tensor> tensors);

}  // namespace heed

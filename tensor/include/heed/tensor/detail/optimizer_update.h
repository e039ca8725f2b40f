// What optimisers do to plain data: fused updates of many parameters in one pass over memory, and the global norm.
// Every element is its own computation: the same bits at any thread count. What is written must share memory with
// nothing else that is written, nor with a gradient: Optimizer::begin_step() sees to it.
#pragma once

#include <span>

#include <heed/tensor/detail/optimizer_step.h>
#include <heed/tensor/tensor.h>

namespace heed {

/// One parameter of an SGD step. All tensors have one shape and one floating dtype.
struct SGDItem {
  Tensor parameter;        ///< written
  Tensor gradient;         ///< read
  Tensor momentum_buffer;  ///< written; undefined when momentum is 0
  SGDStep step;
};

/// Throws ShapeError, DTypeError, ValueError before anything is written.
void sgd_update(std::span<const SGDItem> items);

/// One parameter of an Adam step. All tensors have one shape and one floating dtype.
struct AdamItem {
  Tensor parameter;       ///< written
  Tensor gradient;        ///< read
  Tensor first_moment;    ///< written
  Tensor second_moment;   ///< written
  Tensor second_maximum;  ///< written; undefined unless amsgrad (Reddi et al. 2018)
  AdamStep step;
};

/// Throws ShapeError, DTypeError, ValueError before anything is written.
void adam_update(std::span<const AdamItem> items);

/// sqrt(Σ x²) over all elements of all tensors, of floating types; right also where squares leave the dtype's range,
/// and infinite or NaN where an element is. Reads each element once but in that case; blocks of a fixed size are summed
/// in order, in float64.
double global_norm(std::span<const Tensor> tensors);

}  // namespace heed

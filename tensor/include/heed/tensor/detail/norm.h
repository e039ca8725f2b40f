// The gradients of layer normalisation: what that of Variables runs on.
#pragma once

#include <heed/tensor/tensor.h>

namespace heed {

struct LayerNormGradients {
  Tensor x, weight, bias;  ///< weight and bias undefined when there was no weight
};

/// The gradients of layer_norm for `grad`, the gradient of y.
LayerNormGradients layer_norm_backward(const Tensor& grad, const Tensor& x, int64_t axes, const Tensor& mean,
                                       const Tensor& inverse_deviation, const Tensor& weight);

}  // namespace heed

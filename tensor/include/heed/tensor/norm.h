// Layer normalisation (Ba, Kiros, Hinton 2016).
#pragma once

#include <heed/tensor/tensor.h>

namespace heed {

struct LayerNormResult {
  Tensor y;                  ///< as x
  Tensor mean;               ///< one per row: x's shape without the normalised axes
  Tensor inverse_deviation;  ///< 1 / sqrt(var + eps), likewise
};

/// (x - mean) / sqrt(var + eps) over the last `axes` axes (variance over n), times weight plus bias where defined
/// (both of the shape of those axes). Floating types. Throws ShapeError.
LayerNormResult layer_norm(const Tensor& x, int64_t axes, const Tensor& weight, const Tensor& bias, double eps);

}  // namespace heed

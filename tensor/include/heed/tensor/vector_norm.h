// Lengths of vectors, and the angle between two.
#pragma once

#include <heed/tensor/tensor.h>

namespace heed {

/// (Σ |x|ᵖ)^(1/p) over all elements, for p > 0; for p = ∞ the largest |x|. Right also where powers leave the dtype's
/// range; 0 of no elements. Floating types. torch.norm for vectors. Throws ValueError unless p > 0.
Tensor norm(const Tensor& x, double p = 2);
/// Over `dims`. Throws IndexError too.
Tensor norm(const Tensor& x, double p, const Dims& dims, bool keepdim = false);
/// Σ ab / (max(‖a‖, eps) max(‖b‖, eps)) along `dim` of what a and b broadcast to. Throws ShapeError, DTypeError,
/// IndexError.
Tensor cosine_similarity(const Tensor& a, const Tensor& b, int64_t dim = 1, double eps = 1e-8);

}  // namespace heed

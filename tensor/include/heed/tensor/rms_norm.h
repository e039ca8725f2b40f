// Normalisation by the root of the mean square (Zhang, Sennrich 2019).
#pragma once

#include <optional>

#include <heed/tensor/tensor.h>

namespace heed {

/// x / sqrt(mean(x²) + eps) over the last `axes` axes, times weight where defined (of the shape of those axes):
/// equation 4 there; eps as torch's rms_norm: where not given, the distance from 1 to the next number of the dtype.
/// Floating types. Throws ShapeError, DTypeError, ValueError unless eps is at least 0.
Tensor rms_norm(const Tensor& x, int64_t axes, const Tensor& weight = Tensor(),
                std::optional<double> eps = std::nullopt);

}  // namespace heed

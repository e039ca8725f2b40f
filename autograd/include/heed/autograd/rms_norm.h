// Normalisation by the root of the mean square; see heed/tensor/rms_norm.h.
#pragma once

#include <heed/autograd/variable.h>
#include <heed/tensor/rms_norm.h>

namespace heed {

/// One operation.
Variable rms_norm(const Variable& x, int64_t axes, const Variable& weight = Variable(),
                  std::optional<double> eps = std::nullopt);

}  // namespace heed

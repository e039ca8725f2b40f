// Layer normalisation of Variables (Ba, Kiros, Hinton 2016).
#pragma once

#include <heed/autograd/variable.h>
#include <heed/tensor/norm.h>

namespace heed {

/// (x - mean) / sqrt(var + eps) over the last `axes` axes, times weight plus bias where defined (both of the shape of
/// those axes), one operation. Throws ShapeError, DTypeError.
Variable layer_norm(const Variable& x, int64_t axes, const Variable& weight = Variable(),
                    const Variable& bias = Variable(), double eps = 1e-5);

}  // namespace heed

// Whether tensors are equal, exactly or to rounding.
#pragma once

#include <heed/tensor/tensor.h>

namespace heed {

/// bool, element by element: |a - b| ≤ atol + rtol |b|, and equal infinities; NaN is close to NaN where equal_nan. The
/// shapes broadcast. Any dtype, of which integers are compared as float64 unless they are equal. Throws ShapeError,
/// DTypeError.
Tensor isclose(const Tensor& a, const Tensor& b, double rtol = 1e-5, double atol = 1e-8, bool equal_nan = false);
/// True when all elements are close. Throws as isclose().
bool allclose(const Tensor& a, const Tensor& b, double rtol = 1e-5, double atol = 1e-8, bool equal_nan = false);
/// True when shapes, dtypes and all elements are the same; a NaN is not.
bool equal(const Tensor& a, const Tensor& b);

}  // namespace heed

// Copies of a tensor side by side.
#pragma once

#include <heed/tensor/tensor.h>

namespace heed {

/// x repeats[i] times along axis i: torch's Tensor.repeat, NumPy's tile. Numbers beyond x's rank are of new leading
/// axes. Throws ShapeError for fewer numbers than axes, ValueError for a negative one.
Tensor repeat(const Tensor& x, const Shape& repeats);

}  // namespace heed

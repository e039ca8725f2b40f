// What stands in the hidden positions of a sequence must not show, even NaN.
#pragma once

#include <heed/autograd/variable.h>

namespace heed::detail {

/// x (B, S, F) with zeros in place of each vector that `hidden` (B, S) hides and that is not all finite; x itself where
/// there is none. A weight of 0 is not enough: 0 · NaN is NaN, in outputs and in the gradients of parameters.
Variable without_nonfinite_hidden(const Variable& x, const Tensor& hidden);

}  // namespace heed::detail

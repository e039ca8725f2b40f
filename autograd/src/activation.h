// Non-linearities whose values may be known before: their derivatives need the value alone.
#pragma once

#include <heed/autograd/variable.h>

namespace heed::detail {

// `value` is that of the function of x, and the value of x itself is not looked at; or it is undefined, and is
// computed.

Variable tanh_of(const Variable& x, Tensor value);
Variable sigmoid_of(const Variable& x, Tensor value);
Variable relu_of(const Variable& x, Tensor value);

}  // namespace heed::detail

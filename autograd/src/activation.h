// Non-linearities whose values may be known before, since their derivatives need the value alone; and what derivatives
// depend on that are constant in pieces.
#pragma once

#include <heed/autograd/variable.h>

namespace heed::detail {

// `value` is that of the function of x, and the value of x itself is not looked at; or it is undefined, and is
// computed.

Variable tanh_of(const Variable& x, Tensor value);
Variable sigmoid_of(const Variable& x, Tensor value);
Variable relu_of(const Variable& x, Tensor value);

/// `y` as a value that depends on x, with a derivative of 0, of any order: gradients that are recorded stay connected.
Variable constant_in(const Variable& x, const Variable& y);

}  // namespace heed::detail

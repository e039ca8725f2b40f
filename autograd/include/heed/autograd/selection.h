// Elements of Variables chosen by a condition; see heed/tensor/selection.h. The condition is data.
#pragma once

#include <heed/autograd/variable.h>
#include <heed/tensor/selection.h>

namespace heed {

Variable masked_select(const Variable& x, const Tensor& mask);

}  // namespace heed

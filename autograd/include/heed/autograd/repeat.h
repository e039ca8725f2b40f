// Copies of a Variable side by side; see heed/tensor/repeat.h.
#pragma once

#include <heed/autograd/variable.h>
#include <heed/tensor/repeat.h>

namespace heed {

Variable repeat(const Variable& x, const Shape& repeats);

}  // namespace heed

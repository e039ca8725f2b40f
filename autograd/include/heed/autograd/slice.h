// Slices of Variables over several axes at once; see heed/tensor/slice.h.
#pragma once

#include <heed/autograd/variable.h>
#include <heed/tensor/slice.h>

namespace heed {

/// One operation, whose gradient is a whole zero tensor but for the part taken.
Variable slice(const Variable& x, const std::vector<Slice>& parts);

}  // namespace heed

// What losses of two tensors share.
#pragma once

#include <heed/autograd/variable.h>
#include <heed/tensor/error.h>

namespace heed::detail {

/// Throws ShapeError unless input and target have one shape.
inline void check_same_shape(const Variable& input, const Variable& target, const char* op) {
  check<ShapeError>(input.shape() == target.shape(), op, "input and target must have one shape, got ", input.shape(),
                    " and ", target.shape());
}

}  // namespace heed::detail

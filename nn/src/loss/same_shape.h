// What losses of two tensors share.
#pragma once

#include <heed/autograd/variable.h>
#include <heed/tensor/error.h>

namespace heed::detail {

/// Throws ShapeError unless input and target have one shape, DTypeError unless one dtype, ValueError unless both are
/// defined.
inline void check_same_shape(const Variable& input, const Variable& target, const char* op) {
  check(input.defined() && target.defined(), op, "needs defined tensors, got an undefined one");
  check<DTypeError>(input.dtype() == target.dtype(), op, "dtypes must match, got ", input.dtype(), " and ",
                    target.dtype());
  check<ShapeError>(input.shape() == target.shape(), op, "input and target must have one shape, got ", input.shape(),
                    " and ", target.shape());
}

}  // namespace heed::detail

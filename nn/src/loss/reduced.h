// What losses share.
#pragma once

#include <heed/autograd/softmax.h>

namespace heed::detail {

/// The losses of single elements, as they are, summed, or their mean.
Variable reduced(const Variable& losses, Reduction reduction);

/// Throws ShapeError unless input and target have one shape.
void check_same_shape(const Variable& input, const Variable& target, const char* op);

}  // namespace heed::detail

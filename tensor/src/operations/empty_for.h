// Memory for the result of an operation, which its errors name.
#pragma once

#include <string_view>

#include <heed/tensor/tensor.h>

namespace heed::detail {

/// empty(), for `op`. Throws ShapeError for negative sizes or too many elements, Error where there is no memory.
Tensor empty_for(std::string_view op, const Shape& shape, DType dtype);

}  // namespace heed::detail

// What a layer is given and what a user's own class returned, checked by the name of the class.
#pragma once

#include <string>
#include <string_view>

#include <heed/autograd/variable.h>
#include <heed/tensor/error.h>

namespace heed::detail {

/// What x is, for a message: its shape, or that it is undefined.
inline std::string given(const Variable& x) {
  TextStream text;
  if (x.defined()) {
    text << x.shape();
  } else {
    text << "an undefined Variable";
  }
  return text.str();
}

/// Throws ShapeError "type: what must be (…), got …" unless x has the shape `wanted`.
template <class... What>
void require_result(const Variable& x, const Shape& wanted, std::string_view type, const What&... what) {
  if (!x.defined() || x.shape() != wanted) {
    fail<ShapeError>(type, what..., " must be ", wanted, ", got ", given(x));
  }
}

/// Throws DTypeError "type: what must be float32, got float64" unless x has the dtype of the layer's `weight`.
inline void require_dtype_of(const Variable& weight, const Variable& x, std::string_view type, std::string_view what) {
  check<DTypeError>(x.dtype() == weight.dtype(), type, what, " must be ", weight.dtype(), ", got ", x.dtype());
}

}  // namespace heed::detail

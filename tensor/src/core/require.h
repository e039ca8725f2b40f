// Requirements of operations on their tensors, with the error messages.
#pragma once

#include <string_view>

#include <heed/tensor/error.h>
#include <heed/tensor/tensor.h>

namespace heed::detail {

inline void require_defined(const Tensor& x, std::string_view op) {
  check(x.defined(), op, "needs defined tensors, got an undefined one");
}

/// The axis of x that `dim` names. Throws IndexError.
inline int64_t require_axis(const Tensor& x, int64_t dim, std::string_view op) {
  require_defined(x, op);
  return normalize_dim(dim, x.rank(), op);
}

inline void require_same_dtype(const Tensor& a, const Tensor& b, std::string_view op) {
  require_defined(a, op);
  require_defined(b, op);
  check<DTypeError>(a.dtype() == b.dtype(), op, "dtypes must match, got ", a.dtype(), " and ", b.dtype());
}

inline void require_dtype(const Tensor& x, DType dtype, std::string_view op, std::string_view what) {
  require_defined(x, op);
  check<DTypeError>(x.dtype() == dtype, op, what, " must be ", dtype, ", got ", x.dtype());
}

inline void require_floating(const Tensor& x, std::string_view op) {
  require_defined(x, op);
  check<DTypeError>(is_floating(x.dtype()), op, "needs float32 or float64, got ", x.dtype());
}

inline void require_shape(const Tensor& x, const Shape& shape, std::string_view op, std::string_view what) {
  require_defined(x, op);
  check<ShapeError>(x.shape() == shape, op, what, " must be ", shape, ", got ", x.shape());
}

}  // namespace heed::detail

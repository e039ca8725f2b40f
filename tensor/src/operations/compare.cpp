// Comparison of whole tensors.
#include <heed/tensor/compare.h>

#include <heed/tensor/create.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/reduce.h>

#include "core/require.h"

namespace heed {
namespace {

Tensor close(const Tensor& a, const Tensor& b, double rtol, double atol, bool equal_nan, const char* op) {
  detail::require_same_dtype(a, b, op);
  check(rtol >= 0 && atol >= 0, op, "tolerances must not be negative, got ", rtol, " and ", atol);
  broadcast_shapes(a.shape(), b.shape(), op);
  const Tensor same = a == b;
  const Tensor x = is_floating(a.dtype()) ? a : to(a, DType::float64);
  const Tensor y = is_floating(b.dtype()) ? b : to(b, DType::float64);
  const bool is_whole = a.dtype() == DType::int64;
  Tensor distance = abs(x - y);
  if (is_whole) {  // float64 does not tell integers beyond 2^53 apart; where int64 overflows, they are far from one
                   // another
    distance = where(distance < 0x1p62, abs(to(a - b, DType::float64)), distance);
  }
  // An infinite b would be close to any number.
  const Tensor near = logical_and(distance <= abs(y) * rtol + atol, isfinite(y));
  const Tensor result = logical_or(same, near);
  return equal_nan ? logical_or(result, logical_and(x != x, y != y)) : result;
}

}  // namespace

Tensor isclose(const Tensor& a, const Tensor& b, double rtol, double atol, bool equal_nan) {
  return close(a, b, rtol, atol, equal_nan, "isclose");
}

bool allclose(const Tensor& a, const Tensor& b, double rtol, double atol, bool equal_nan) {
  const Tensor result = close(a, b, rtol, atol, equal_nan, "allclose");
  return all(result, all_axes(result.rank())).item<bool>();
}

bool equal(const Tensor& a, const Tensor& b) {
  detail::require_defined(a, "equal");
  detail::require_defined(b, "equal");
  return a.shape() == b.shape() && a.dtype() == b.dtype() && all(a == b, all_axes(a.rank())).item<bool>();
}

}  // namespace heed

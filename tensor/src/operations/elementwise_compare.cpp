// Comparison of two operands of any dtype, and logic on bools.
#include <functional>

#include <heed/tensor/detail/operation_scope.h>
#include <heed/tensor/elementwise.h>

#include "operations/elementwise_loops.h"

namespace heed {
namespace {

using detail::Operand;

template <class F>
Tensor compare(const Tensor& a, const Tensor& b, std::string_view op) {
  detail::require_same_dtype(a, b, op);
  return detail::dispatch_all(a.dtype(), [&]<class T>() {
    const Shape shape = broadcast_shapes(a.shape(), b.shape(), op);
    return detail::map_binary<T, bool>(op, shape, Operand<T>(a, shape), Operand<T>(b, shape),
                                       detail::plain_row<F, T, bool>, detail::kCheapGrain);
  });
}

template <class F>
Tensor compare(const Tensor& a, Scalar b, std::string_view op) {
  detail::require_defined(a, op);
  return detail::dispatch_all(a.dtype(), [&]<class T>() {
    const T value = detail::convert_scalar<T>(b, op);
    return detail::map_binary<T, bool>(op, a.shape(), Operand<T>(a, a.shape()), Operand<T>(value, a.shape()),
                                       detail::plain_row<F, T, bool>, detail::kCheapGrain);
  });
}

template <class F>
Tensor logic(const Tensor& a, const Tensor& b, std::string_view op) {
  detail::require_dtype(a, DType::boolean, op, "both operands");
  detail::require_dtype(b, DType::boolean, op, "both operands");
  const Shape shape = broadcast_shapes(a.shape(), b.shape(), op);
  return detail::map_binary<bool, bool>(op, shape, Operand<bool>(a, shape), Operand<bool>(b, shape),
                                        detail::plain_row<F, bool, bool>, detail::kCheapGrain);
}

}  // namespace

Tensor eq(const Tensor& a, const Tensor& b) { return compare<std::equal_to<>>(a, b, "eq"); }
Tensor ne(const Tensor& a, const Tensor& b) { return compare<std::not_equal_to<>>(a, b, "ne"); }
Tensor lt(const Tensor& a, const Tensor& b) { return compare<std::less<>>(a, b, "lt"); }
Tensor le(const Tensor& a, const Tensor& b) { return compare<std::less_equal<>>(a, b, "le"); }
Tensor gt(const Tensor& a, const Tensor& b) { return compare<std::greater<>>(a, b, "gt"); }
Tensor ge(const Tensor& a, const Tensor& b) { return compare<std::greater_equal<>>(a, b, "ge"); }

Tensor eq(const Tensor& a, Scalar b) { return compare<std::equal_to<>>(a, b, "eq"); }
Tensor ne(const Tensor& a, Scalar b) { return compare<std::not_equal_to<>>(a, b, "ne"); }
Tensor lt(const Tensor& a, Scalar b) { return compare<std::less<>>(a, b, "lt"); }
Tensor le(const Tensor& a, Scalar b) { return compare<std::less_equal<>>(a, b, "le"); }
Tensor gt(const Tensor& a, Scalar b) { return compare<std::greater<>>(a, b, "gt"); }
Tensor ge(const Tensor& a, Scalar b) { return compare<std::greater_equal<>>(a, b, "ge"); }

Tensor logical_and(const Tensor& a, const Tensor& b) { return logic<std::bit_and<>>(a, b, "logical_and"); }

Tensor logical_or(const Tensor& a, const Tensor& b) { return logic<std::bit_or<>>(a, b, "logical_or"); }

Tensor logical_not(const Tensor& x) {
  const detail::OperationScope operation("logical_not");
  detail::require_dtype(x, DType::boolean, "logical_not", "the operand");
  return detail::map_plain<bool, bool>(x, [](bool value) { return !value; });
}

}  // namespace heed

// Choice between two operands by a condition.
#include <heed/tensor/detail/operation_scope.h>
#include <heed/tensor/elementwise.h>

#include "operations/elementwise_loops.h"

namespace heed {
namespace {

using detail::Loop;
using detail::Operand;

template <class T>
void choose_row(const bool* condition, int64_t condition_stride, const T* a, int64_t a_stride, const T* b,
                int64_t b_stride, T* out, int64_t n) {
  if (condition_stride == 1 && b_stride == 1 && (a_stride == 0 || a_stride == 1)) {
    for (int64_t i = 0; i < n; ++i) {
      const T chosen = a[a_stride * i];
      out[i] = condition[i] ? chosen : b[i];
    }
  } else {
    for (int64_t i = 0; i < n; ++i) {
      out[i] = condition[i * condition_stride] ? a[i * a_stride] : b[i * b_stride];
    }
  }
}

template <class T>
Tensor choose(std::string_view op, const Shape& shape, const Operand<bool>& condition, const Operand<T>& a,
              const Operand<T>& b) {
  Tensor result = detail::empty_for(op, shape, dtype_of<T>);
  T* out = result.mutable_data<T>();
  const Loop<4> loop(shape, {result.strides(), condition.strides, a.strides, b.strides});
  detail::for_each_row(loop, detail::kCheapGrain, [&](const Loop<4>::Offsets& at, int64_t n) {
    choose_row(condition.data + at[1], loop.stride(1), a.data + at[2], loop.stride(2), b.data + at[3], loop.stride(3),
               out + at[0], n);
  });
  return result;
}

}  // namespace

Tensor where(const Tensor& condition, const Tensor& a, const Tensor& b) {
  detail::require_dtype(condition, DType::boolean, "where", "the condition");
  detail::require_same_dtype(a, b, "where");
  const Shape values = broadcast_shapes(a.shape(), b.shape(), "where");
  const Shape shape = broadcast_shapes(condition.shape(), values, "where");
  return detail::dispatch_all(a.dtype(), [&]<class T>() {
    return choose<T>("where", shape, {condition, shape}, {a, shape}, {b, shape});
  });
}

Tensor where(const Tensor& condition, const Tensor& a, Scalar b) {
  detail::require_dtype(condition, DType::boolean, "where", "the condition");
  detail::require_defined(a, "where");
  const Shape shape = broadcast_shapes(condition.shape(), a.shape(), "where");
  return detail::dispatch_all(a.dtype(), [&]<class T>() {
    return choose<T>("where", shape, {condition, shape}, {a, shape}, {detail::convert_scalar<T>(b, "where"), shape});
  });
}

Tensor where(const Tensor& condition, Scalar a, const Tensor& b) {
  const detail::OperationScope operation("where");
  detail::require_dtype(condition, DType::boolean, "where", "the condition");
  return where(logical_not(condition), b, a);
}

Tensor masked_fill(const Tensor& x, const Tensor& mask, Scalar value) {
  detail::require_defined(x, "masked_fill");
  detail::require_dtype(mask, DType::boolean, "masked_fill", "the mask");
  check<ShapeError>(broadcast_shapes(x.shape(), mask.shape(), "masked_fill") == x.shape(), "masked_fill",
                    "the mask must broadcast to ", x.shape(), ", got ", mask.shape());
  return detail::dispatch_all(x.dtype(), [&]<class T>() {
    const T converted = detail::convert_scalar<T>(value, "masked_fill");
    return choose<T>("masked_fill", x.shape(), {mask, x.shape()}, {converted, x.shape()}, {x, x.shape()});
  });
}

}  // namespace heed

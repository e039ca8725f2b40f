// What the element-wise families share: operands that are tensors or single values, and loops from rows to tensors.
#pragma once

#include <cmath>
#include <string_view>
#include <type_traits>

#include <heed/tensor/create.h>

#include "core/dispatch.h"
#include "core/require.h"
#include "operations/convert_scalar.h"
#include "operations/empty_for.h"
#include "operations/loops.h"

namespace heed::detail {

/// out[i] = f(a[i * a_stride], b[i * b_stride]): what the binary kernels are.
template <class T, class Out>
using BinaryRow = void (*)(const T* a, int64_t a_stride, const T* b, int64_t b_stride, Out* out, int64_t n);

/// A tensor or a single value, broadcast to the shape of the result.
template <class T>
struct Operand {
  const T* data;
  Strides strides;

  Operand(const Tensor& x, const Shape& shape) : data(x.data<T>()), strides(broadcast_strides(x, shape)) {}
  /// `value` must outlive the operand.
  Operand(const T& value, const Shape& shape) : data(&value), strides(zero_strides(shape)) {}
};

/// F{}(a, b) for each element: a row for the types that the kernels do not cover.
template <class F, class T, class Out>
void plain_row(const T* a, int64_t a_stride, const T* b, int64_t b_stride, Out* out, int64_t n) {
  if (a_stride == 1 && b_stride == 1) {
    for (int64_t i = 0; i < n; ++i) {
      out[i] = F{}(a[i], b[i]);
    }
  } else if (a_stride == 1 && b_stride == 0) {
    const T value = *b;
    for (int64_t i = 0; i < n; ++i) {
      out[i] = F{}(a[i], value);
    }
  } else {
    for (int64_t i = 0; i < n; ++i) {
      out[i] = F{}(a[i * a_stride], b[i * b_stride]);
    }
  }
}

/// A new tensor of `shape`, for `op`: `row` of a and b.
template <class T, class Out>
Tensor map_binary(std::string_view op, const Shape& shape, const Operand<T>& a, const Operand<T>& b,
                  BinaryRow<T, Out> row, int64_t grain) {
  Tensor result = empty_for(op, shape, dtype_of<Out>);
  Out* out = result.mutable_data<Out>();
  const Loop<3> loop(shape, {result.strides(), a.strides, b.strides});
  for_each_row(loop, grain, [&](const Loop<3>::Offsets& at, int64_t n) {
    row(a.data + at[1], loop.stride(1), b.data + at[2], loop.stride(2), out + at[0], n);
  });
  return result;
}

/// A new tensor: f of each element of x. A plain loop.
template <class T, class Out, class F>
Tensor map_plain(const Tensor& x, const F& f) {
  Tensor result = empty(x.shape(), dtype_of<Out>);
  Out* out = result.mutable_data<Out>();
  const T* in = x.data<T>();
  const Loop<2> loop(x.shape(), {result.strides(), x.strides()});
  const int64_t stride = loop.stride(1);
  for_each_row(loop, kCheapGrain, [=, &f](const Loop<2>::Offsets& at, int64_t n) {
    const T* from = in + at[1];
    Out* to = out + at[0];
    if (stride == 1) {
      for (int64_t i = 0; i < n; ++i) {
        to[i] = f(from[i]);
      }
    } else {
      for (int64_t i = 0; i < n; ++i) {
        to[i] = f(from[i * stride]);
      }
    }
  });
  return result;
}

/// Integers wrap around, as the machine's do; signed overflow would be undefined.
inline int64_t wrapped(uint64_t value) { return static_cast<int64_t>(value); }

}  // namespace heed::detail

// Runs a functor op(d, x) or op(d, x, y) on vectors along a row. Tails and strided rows go through a padded buffer and
// the very same vector code, so that bits depend on values alone.
#if defined(HEED_KERNELS_ELEMENTWISE_ROWS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef HEED_KERNELS_ELEMENTWISE_ROWS_INL_H_
#undef HEED_KERNELS_ELEMENTWISE_ROWS_INL_H_
#else
#define HEED_KERNELS_ELEMENTWISE_ROWS_INL_H_
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <cstdint>

#include "kernels/tail-inl.h"

HWY_BEFORE_NAMESPACE();
namespace heed::kernels {
namespace HWY_NAMESPACE {

// Elements gathered at a time from a strided row.
constexpr int64_t kGather = 256;

template <class T>
HWY_INLINE void gather(const T* x, int64_t stride, T* buffer, int64_t n) {
  for (int64_t i = 0; i < n; ++i) buffer[i] = x[i * stride];
}

template <class Op, class T>
HWY_INLINE void unary_contiguous(const T* x, T* y, int64_t n) {
  const hn::ScalableTag<T> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes) hn::StoreU(Op()(d, hn::LoadU(d, x + i)), d, y + i);
  if (i < n) store_tail(d, Op()(d, load_tail(d, x + i, n - i)), y + i, n - i);
}

template <class Op, class T>
void unary_row(const T* x, int64_t x_stride, T* y, int64_t n) {
  if (n <= 0) return;
  if (x_stride == 1) {
    unary_contiguous<Op>(x, y, n);
  } else if (x_stride == 0) {
    T value;
    unary_contiguous<Op>(x, &value, 1);
    std::fill_n(y, n, value);
  } else {
    T buffer[kGather];
    for (int64_t i = 0; i < n; i += kGather) {
      const int64_t count = std::min(kGather, n - i);
      gather(x + i * x_stride, x_stride, buffer, count);
      unary_contiguous<Op>(buffer, y + i, count);
    }
  }
}

// X and Y say whether an operand is a vector per step or one value for the whole row.
template <class Op, bool kXVaries, bool kYVaries, class T>
HWY_INLINE void binary_contiguous(const T* x, const T* y, T* z, int64_t n) {
  const hn::ScalableTag<T> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const auto x0 = hn::Set(d, x[0]);
  const auto y0 = hn::Set(d, y[0]);
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    const auto xi = kXVaries ? hn::LoadU(d, x + i) : x0;
    const auto yi = kYVaries ? hn::LoadU(d, y + i) : y0;
    hn::StoreU(Op()(d, xi, yi), d, z + i);
  }
  if (i == n) return;
  const auto xi = kXVaries ? load_tail(d, x + i, n - i) : x0;
  const auto yi = kYVaries ? load_tail(d, y + i, n - i) : y0;
  store_tail(d, Op()(d, xi, yi), z + i, n - i);
}

template <class Op, class T>
void binary_row(const T* x, int64_t x_stride, const T* y, int64_t y_stride, T* z, int64_t n) {
  if (n <= 0) return;
  if (x_stride == 1 && y_stride == 1) return binary_contiguous<Op, true, true>(x, y, z, n);
  if (x_stride == 1 && y_stride == 0) return binary_contiguous<Op, true, false>(x, y, z, n);
  if (x_stride == 0 && y_stride == 1) return binary_contiguous<Op, false, true>(x, y, z, n);
  T x_buffer[kGather];
  T y_buffer[kGather];
  for (int64_t i = 0; i < n; i += kGather) {
    const int64_t count = std::min(kGather, n - i);
    gather(x + i * x_stride, x_stride, x_buffer, count);
    gather(y + i * y_stride, y_stride, y_buffer, count);
    binary_contiguous<Op, true, true>(x_buffer, y_buffer, z + i, count);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace heed::kernels
HWY_AFTER_NAMESPACE();

#endif  // HEED_KERNELS_ELEMENTWISE_ROWS_INL_H_

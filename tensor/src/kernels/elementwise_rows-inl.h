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

// Op of four vectors at once: the steps of a function wait for one another, and the processor does not look far enough
// ahead. An Op with a usual case and a rare one tells them apart once for all four.
template <class Op, class D>
HWY_INLINE void apply_to_four(D d, const hn::TFromD<D>* x, hn::TFromD<D>* y) {
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const auto x0 = hn::LoadU(d, x), x1 = hn::LoadU(d, x + lanes);
  const auto x2 = hn::LoadU(d, x + 2 * lanes), x3 = hn::LoadU(d, x + 3 * lanes);
  const auto apply = [&](auto op) HWY_ATTR {
    const auto y0 = op(d, x0), y1 = op(d, x1), y2 = op(d, x2), y3 = op(d, x3);
    hn::StoreU(y0, d, y);
    hn::StoreU(y1, d, y + lanes);
    hn::StoreU(y2, d, y + 2 * lanes);
    hn::StoreU(y3, d, y + 3 * lanes);
  };
  if constexpr (requires { typename Op::Usual; }) {
    if (HWY_LIKELY(Op::are_usual(d, x0, x1, x2, x3))) return apply(typename Op::Usual());
  }
  apply(Op());
}

// The one place where the functor's code stands: a tail comes back here in a buffer of one vector.
template <class Op, class T>
HWY_NOINLINE HWY_FLATTEN void unary_contiguous(const T* x, T* y, int64_t n) {
  const hn::ScalableTag<T> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  int64_t i = 0;
  for (; i + 4 * lanes <= n; i += 4 * lanes) apply_to_four<Op>(d, x + i, y + i);
  for (; i + lanes <= n; i += lanes) hn::StoreU(Op()(d, hn::LoadU(d, x + i)), d, y + i);
  if (i >= n) return;
  HWY_ALIGN T buffer[hn::MaxLanes(hn::ScalableTag<T>())];
  pad_tail(x + i, n - i, lanes, buffer);
  unary_contiguous<Op>(buffer, buffer, lanes);
  std::copy_n(buffer, n - i, y + i);
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
HWY_NOINLINE HWY_FLATTEN void binary_contiguous(const T* x, const T* y, T* z, int64_t n) {
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
  if (i >= n) return;
  HWY_ALIGN T x_buffer[hn::MaxLanes(hn::ScalableTag<T>())];
  HWY_ALIGN T y_buffer[hn::MaxLanes(hn::ScalableTag<T>())];
  if (kXVaries) pad_tail(x + i, n - i, lanes, x_buffer);
  if (kYVaries) pad_tail(y + i, n - i, lanes, y_buffer);
  binary_contiguous<Op, kXVaries, kYVaries>(kXVaries ? x_buffer : x, kYVaries ? y_buffer : y, x_buffer, lanes);
  std::copy_n(x_buffer, n - i, z + i);
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

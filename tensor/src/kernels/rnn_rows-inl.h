// What the recurrent kernels share: row pointers, who is active, and optional operands.
#if defined(HEED_KERNELS_RNN_ROWS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef HEED_KERNELS_RNN_ROWS_INL_H_
#undef HEED_KERNELS_RNN_ROWS_INL_H_
#else
#define HEED_KERNELS_RNN_ROWS_INL_H_
#endif

#include <hwy/highway.h>

#include <algorithm>

#include "kernels/rnn.h"
#include "kernels/tail-inl.h"

HWY_BEFORE_NAMESPACE();
namespace heed::kernels {
namespace HWY_NAMESPACE {

template <class T>
HWY_INLINE T* row_of(const Rows<T>& rows, int64_t row) {
  return rows.data == nullptr ? nullptr : rows.data + row * rows.stride;
}

HWY_INLINE bool is_active(const StepRange& range, int64_t row) {
  return range.lengths == nullptr || range.t < range.lengths[row];
}

// n elements, zeros for a nullptr.
template <class D, class T = hn::TFromD<D>>
HWY_INLINE hn::Vec<D> load_or_zero(D d, const T* x, int64_t i, int64_t count) {
  return x == nullptr ? hn::Zero(d) : load_some(d, x + i, count);
}

template <class T>
HWY_INLINE void fill_zeros(T* x, int64_t n) {
  if (x != nullptr) std::fill_n(x, n, T{0});
}

// The state of an inactive row, from nullptr as zeros.
template <class T>
HWY_INLINE void carry(const T* from, T* to, int64_t n) {
  if (to == nullptr || to == from) return;
  if (from == nullptr) {
    std::fill_n(to, n, T{0});
  } else {
    std::copy_n(from, n, to);
  }
}

// y (1 - y) and 1 - y^2: the derivatives of sigmoid and tanh by their values.
template <class D>
HWY_INLINE hn::Vec<D> sigmoid_slope(D, hn::Vec<D> y) {
  return hn::NegMulAdd(y, y, y);
}
template <class D>
HWY_INLINE hn::Vec<D> tanh_slope(D d, hn::Vec<D> y) {
  return hn::NegMulAdd(y, y, hn::Set(d, hn::TFromD<D>{1}));
}

}  // namespace HWY_NAMESPACE
}  // namespace heed::kernels
HWY_AFTER_NAMESPACE();

#endif  // HEED_KERNELS_RNN_ROWS_INL_H_

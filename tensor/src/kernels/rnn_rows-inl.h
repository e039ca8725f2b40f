// What the recurrent kernels share: who is active, and optional operands.
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

template <class Active>
struct VectorsOfRow {
  const Active& active;
  int64_t row;
  template <class D>
  HWY_INLINE void operator()(D d, int64_t j, int64_t count) const {
    active(row, d, j, count);
  }
};

// active(row, d, j, count) for the vectors of each active row, inactive(row) for the others.
template <class T, class Active, class Inactive>
HWY_INLINE void for_each_row(const StepRange& range, const Active& active, const Inactive& inactive) {
  for (int64_t row = 0; row < range.rows; ++row) {
    if (range.lengths == nullptr || range.t < range.lengths[row]) {
      for_each_vector<T>(range.hidden, VectorsOfRow<Active>{active, row});
    } else {
      inactive(row);
    }
  }
}

// n elements, zeros for a nullptr.
template <class D, class T = hn::TFromD<D>>
HWY_INLINE hn::Vec<D> load_or_zero(D d, const T* x, int64_t i, int64_t count) {
  return x == nullptr ? hn::Zero(d) : load_some(d, x + i, count);
}

// The state of an inactive row.
template <class T>
HWY_INLINE void carry(const T* from, T* to, int64_t n) {
  if (to != from) std::copy_n(from, n, to);
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

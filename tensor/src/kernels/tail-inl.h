// Loads and stores of fewer elements than a vector has lanes, through a padded buffer: tails run the same vector code.
#if defined(HEED_KERNELS_TAIL_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef HEED_KERNELS_TAIL_INL_H_
#undef HEED_KERNELS_TAIL_INL_H_
#else
#define HEED_KERNELS_TAIL_INL_H_
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <cstdint>

HWY_BEFORE_NAMESPACE();
namespace heed::kernels {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// The last n < lanes elements, padded with one of them: a neutral value for any function.
template <class T>
HWY_INLINE void pad_tail(const T* x, int64_t n, int64_t lanes, T* buffer) {
  for (int64_t i = 0; i < lanes; ++i) buffer[i] = x[std::min(i, n - 1)];
}

template <class D, class T = hn::TFromD<D>>
HWY_NOINLINE hn::Vec<D> load_tail(D d, const T* x, int64_t n) {
  HWY_ALIGN T buffer[hn::MaxLanes(D())];
  pad_tail(x, n, static_cast<int64_t>(hn::Lanes(d)), buffer);
  return hn::Load(d, buffer);
}
template <class D, class T = hn::TFromD<D>>
HWY_NOINLINE void store_tail(D d, hn::Vec<D> v, T* y, int64_t n) {
  HWY_ALIGN T buffer[hn::MaxLanes(D())];
  hn::Store(v, d, buffer);
  for (int64_t i = 0; i < n; ++i) y[i] = buffer[i];
}

// n elements, a whole vector when n is its lanes; then the compiler sees a plain load or store.
template <class D, class T = hn::TFromD<D>>
HWY_INLINE hn::Vec<D> load_some(D d, const T* x, int64_t n) {
  return n == static_cast<int64_t>(hn::Lanes(d)) ? hn::LoadU(d, x) : load_tail(d, x, n);
}
template <class D, class T = hn::TFromD<D>>
HWY_INLINE void store_some(D d, hn::Vec<D> v, T* y, int64_t n) {
  if (n == static_cast<int64_t>(hn::Lanes(d))) {
    hn::StoreU(v, d, y);
  } else {
    store_tail(d, v, y, n);
  }
}

// term(d, i, count) for i = 0, lanes, 2 lanes, ... with count = lanes, and once more for what is left.
template <class T, class Term>
HWY_INLINE void for_each_vector(int64_t n, const Term& term) {
  const hn::ScalableTag<T> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes) term(d, i, lanes);
  if (i < n) term(d, i, n - i);
}

}  // namespace HWY_NAMESPACE
}  // namespace heed::kernels
HWY_AFTER_NAMESPACE();

#endif  // HEED_KERNELS_TAIL_INL_H_

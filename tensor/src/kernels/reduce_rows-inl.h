// Sums and extremes over a row in the order that kernels/reduce.h states; softmax and layer norm are built on the same.
#if defined(HEED_KERNELS_REDUCE_ROWS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef HEED_KERNELS_REDUCE_ROWS_INL_H_
#undef HEED_KERNELS_REDUCE_ROWS_INL_H_
#else
#define HEED_KERNELS_REDUCE_ROWS_INL_H_
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <cstdint>
#include <limits>

#include "kernels/tail-inl.h"

HWY_BEFORE_NAMESPACE();
namespace heed::kernels {
namespace HWY_NAMESPACE {

constexpr int64_t kSumBlock = 2048;

// Zero in the lanes from count on.
template <class D>
HWY_INLINE hn::Vec<D> only_first(D d, hn::Vec<D> v, int64_t count) {
  if (count == static_cast<int64_t>(hn::Lanes(d))) return v;
  return hn::IfThenElseZero(hn::FirstN(d, static_cast<size_t>(count)), v);
}

// Sum of term(d, i, count), the terms from start to end <= start + kSumBlock: four running vectors, then a fold.
template <class T, class Term>
HWY_NOINLINE T sum_block(int64_t start, int64_t end, const Term& term) {
  const hn::ScalableTag<T> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  auto s0 = hn::Zero(d), s1 = s0, s2 = s0, s3 = s0;
  int64_t i = start;
  for (; i + 4 * lanes <= end; i += 4 * lanes) {
    s0 = hn::Add(s0, term(d, i, lanes));
    s1 = hn::Add(s1, term(d, i + lanes, lanes));
    s2 = hn::Add(s2, term(d, i + 2 * lanes, lanes));
    s3 = hn::Add(s3, term(d, i + 3 * lanes, lanes));
  }
  for (; i < end; i += lanes) {
    const int64_t count = std::min(lanes, end - i);
    s0 = hn::Add(s0, only_first(d, term(d, i, count), count));
    // The next vector goes to the next place.
    const auto filled = s0;
    s0 = s1, s1 = s2, s2 = s3, s3 = filled;
  }
  // Turn the places back to where they were.
  for (int64_t turned = (end - start + lanes - 1) / lanes % 4; turned != 0 && turned < 4; ++turned) {
    const auto first = s0;
    s0 = s1, s1 = s2, s2 = s3, s3 = first;
  }
  return hn::GetLane(hn::SumOfLanes(d, hn::Add(hn::Add(s0, s1), hn::Add(s2, s3))));
}

template <class T, class Term>
HWY_INLINE T sum_terms(int64_t n, const Term& term) {
  if (n <= kSumBlock) return sum_block<T>(0, n, term);
  double total = 0;
  for (int64_t i = 0; i < n; i += kSumBlock) {
    total += static_cast<double>(sum_block<T>(i, std::min(n, i + kSumBlock), term));
  }
  return static_cast<T>(total);
}

// Terms for sum_terms.
template <class T>
struct Values {
  const T* x;
  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D d, int64_t i, int64_t count) const {
    return load_some(d, x + i, count);
  }
};
template <class T>
struct Squares {
  const T* x;
  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D d, int64_t i, int64_t count) const {
    const auto value = load_some(d, x + i, count);
    return hn::Mul(value, value);
  }
};

// The larger or smaller of two; a NaN on either side stays.
struct Larger {
  template <class V>
  HWY_INLINE V operator()(V best, V x) const {
    return hn::IfThenElse(hn::Or(hn::Gt(x, best), hn::IsNaN(x)), x, best);
  }
};
struct Smaller {
  template <class V>
  HWY_INLINE V operator()(V best, V x) const {
    return hn::IfThenElse(hn::Or(hn::Lt(x, best), hn::IsNaN(x)), x, best);
  }
};

// The extreme of a contiguous row and `start`.
template <class Better, class T>
HWY_INLINE T extreme(const T* x, int64_t n, T start) {
  const hn::ScalableTag<T> d;
  const hn::CappedTag<T, 1> one;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const Better better;
  auto best0 = hn::Set(d, start), best1 = best0;
  int64_t i = 0;
  for (; i + 2 * lanes <= n; i += 2 * lanes) {
    best0 = better(best0, hn::LoadU(d, x + i));
    best1 = better(best1, hn::LoadU(d, x + i + lanes));
  }
  for (; i < n; i += lanes) best0 = better(best0, load_some(d, x + i, std::min(lanes, n - i)));
  HWY_ALIGN T bests[hn::MaxLanes(hn::ScalableTag<T>())];
  hn::Store(better(best0, best1), d, bests);
  auto best = hn::Set(one, start);
  for (int64_t lane = 0; lane < lanes; ++lane) best = better(best, hn::Set(one, bests[lane]));
  return hn::GetLane(best);
}

}  // namespace HWY_NAMESPACE
}  // namespace heed::kernels
HWY_AFTER_NAMESPACE();

#endif  // HEED_KERNELS_REDUCE_ROWS_INL_H_

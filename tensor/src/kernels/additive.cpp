// Additive attention and its table per SIMD target.
#include "kernels/additive.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/additive.cpp"
#include <hwy/foreach_target.h>
//
#include "kernels/simd_dispatch.h"
#include "kernels/tail-inl.h"
#include "kernels/vector_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace heed::kernels {
namespace HWY_NAMESPACE {

HWY_INLINE bool hides(const MemoryShape& shape, int64_t s) { return shape.mask != nullptr && shape.mask[s]; }

// The first `count` lanes of v, zeros behind them: what a padded tail may add to a sum.
template <class D>
HWY_INLINE hn::Vec<D> only(D d, hn::Vec<D> v, int64_t count) {
  return hn::IfThenElseZero(hn::FirstN(d, static_cast<size_t>(count)), v);
}

template <class T>
struct ScoreTerm {
  const T* query;
  const T* keys;
  const T* direction;
  // Plus direction tanh(query + keys) of elements a to a + count.
  template <class D>
  HWY_INLINE hn::Vec<D> add(D d, int64_t a, int64_t count, hn::Vec<D> sum) const {
    const auto squashed = tanh(d, hn::Add(load_some(d, query + a, count), load_some(d, keys + a, count)));
    const auto weight = load_some(d, direction + a, count);
    const bool whole = count == static_cast<int64_t>(hn::Lanes(d));
    return hn::MulAdd(whole ? weight : only(d, weight, count), squashed, sum);
  }
};

// Four functions at once, since the steps of one wait for each other.
template <class T>
HWY_INLINE T score(const ScoreTerm<T>& term, int64_t size) {
  const hn::ScalableTag<T> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  auto s0 = hn::Zero(d), s1 = s0, s2 = s0, s3 = s0;
  int64_t a = 0;
  for (; a + 4 * lanes <= size; a += 4 * lanes) {
    s0 = term.add(d, a, lanes, s0);
    s1 = term.add(d, a + lanes, lanes, s1);
    s2 = term.add(d, a + 2 * lanes, lanes, s2);
    s3 = term.add(d, a + 3 * lanes, lanes, s3);
  }
  for (; a + lanes <= size; a += lanes) s0 = term.add(d, a, lanes, s0);
  if (a < size) s1 = term.add(d, a, size - a, s1);
  return hn::GetLane(hn::SumOfLanes(d, hn::Add(hn::Add(s0, s1), hn::Add(s2, s3))));
}

template <class T>
void scores(const MemoryShape& shape, const T* query, const T* keys, const T* direction, T* out) {
  for (int64_t s = 0; s < shape.positions; ++s) {
    out[s] = hides(shape, s) ? T{0} : score(ScoreTerm<T>{query, keys + s * shape.size, direction}, shape.size);
  }
}

// One vector of columns: what the query and the direction get from all positions stays in registers.
template <class T>
struct ScoreColumns {
  const MemoryShape* shape;
  const T* query;
  const T* keys;
  const T* direction;
  const T* d_scores;
  T* d_query;
  T* d_keys;
  T* d_direction;

  template <class D>
  HWY_INLINE void operator()(D d, int64_t a, int64_t count) const {
    const auto asked = load_some(d, query + a, count);
    const auto weight = load_some(d, direction + a, count);
    const auto one = hn::Set(d, T{1});
    auto of_query = hn::Zero(d);
    auto of_direction = hn::Zero(d);
    const auto add = [&](int64_t s, hn::Vec<D> squashed) HWY_ATTR {
      const int64_t at = s * shape->size + a;
      const auto score = hn::Set(d, d_scores[s]);
      of_direction = hn::MulAdd(score, squashed, of_direction);
      const auto slope = hn::Mul(hn::Mul(score, weight), hn::NegMulAdd(squashed, squashed, one));
      of_query = hn::Add(of_query, slope);
      store_some(d, hn::Add(load_some(d, d_keys + at, count), slope), d_keys + at, count);
    };
    const auto squash = [&](int64_t s) HWY_ATTR {
      return tanh(d, hn::Add(asked, load_some(d, keys + s * shape->size + a, count)));
    };
    int64_t s = 0;
    while (s < shape->positions) {
      const bool four = s + 4 <= shape->positions && !hides(*shape, s) && !hides(*shape, s + 1) &&
                        !hides(*shape, s + 2) && !hides(*shape, s + 3);
      if (four) {  // functions at once; the sums keep their order
        const auto y0 = squash(s), y1 = squash(s + 1), y2 = squash(s + 2), y3 = squash(s + 3);
        add(s, y0);
        add(s + 1, y1);
        add(s + 2, y2);
        add(s + 3, y3);
        s += 4;
      } else {
        if (!hides(*shape, s)) add(s, squash(s));
        ++s;
      }
    }
    store_some(d, of_query, d_query + a, count);
    store_some(d, hn::Add(load_some(d, d_direction + a, count), of_direction), d_direction + a, count);
  }
};

template <class T>
void scores_backward(const MemoryShape& shape, const T* query, const T* keys, const T* direction, const T* d_scores,
                     T* d_query, T* d_keys, T* d_direction) {
  for_each_vector<T>(shape.size,
                     ScoreColumns<T>{&shape, query, keys, direction, d_scores, d_query, d_keys, d_direction});
}

// Columns n to n + 4 vectors of the sum; four chains hide the latency of the multiply-add.
template <class T>
HWY_INLINE void sum_four(const MemoryShape& shape, const T* weights, const T* memory, T* y) {
  const hn::ScalableTag<T> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  auto s0 = hn::Zero(d), s1 = s0, s2 = s0, s3 = s0;
  for (int64_t s = 0; s < shape.positions; ++s) {
    if (hides(shape, s)) continue;
    const auto weight = hn::Set(d, weights[s]);
    const T* row = memory + s * shape.size;
    s0 = hn::MulAdd(weight, hn::LoadU(d, row), s0);
    s1 = hn::MulAdd(weight, hn::LoadU(d, row + lanes), s1);
    s2 = hn::MulAdd(weight, hn::LoadU(d, row + 2 * lanes), s2);
    s3 = hn::MulAdd(weight, hn::LoadU(d, row + 3 * lanes), s3);
  }
  hn::StoreU(s0, d, y);
  hn::StoreU(s1, d, y + lanes);
  hn::StoreU(s2, d, y + 2 * lanes);
  hn::StoreU(s3, d, y + 3 * lanes);
}

template <class T>
struct WeightedColumns {
  const MemoryShape* shape;
  const T* weights;
  const T* memory;
  T* y;
  template <class D>
  HWY_INLINE void operator()(D d, int64_t n, int64_t count) const {
    auto sum = hn::Zero(d);
    for (int64_t s = 0; s < shape->positions; ++s) {
      if (hides(*shape, s)) continue;
      sum = hn::MulAdd(hn::Set(d, weights[s]), load_some(d, memory + s * shape->size + n, count), sum);
    }
    store_some(d, sum, y + n, count);
  }
};

template <class T>
void weighted_sum(const MemoryShape& shape, const T* weights, const T* memory, T* y) {
  const int64_t step = 4 * static_cast<int64_t>(hn::Lanes(hn::ScalableTag<T>()));
  int64_t n = 0;
  for (; n + step <= shape.size; n += step) sum_four(shape, weights, memory + n, y + n);
  // The same sum for each element, so that where a column stands does not matter.
  const WeightedColumns<T> rest{&shape, weights, memory + n, y + n};
  for_each_vector<T>(shape.size - n, rest);
}

template <class T>
HWY_INLINE T product(const T* x, const T* y, int64_t n) {
  const hn::ScalableTag<T> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  auto s0 = hn::Zero(d), s1 = s0, s2 = s0, s3 = s0;
  int64_t i = 0;
  for (; i + 4 * lanes <= n; i += 4 * lanes) {
    s0 = hn::MulAdd(hn::LoadU(d, x + i), hn::LoadU(d, y + i), s0);
    s1 = hn::MulAdd(hn::LoadU(d, x + i + lanes), hn::LoadU(d, y + i + lanes), s1);
    s2 = hn::MulAdd(hn::LoadU(d, x + i + 2 * lanes), hn::LoadU(d, y + i + 2 * lanes), s2);
    s3 = hn::MulAdd(hn::LoadU(d, x + i + 3 * lanes), hn::LoadU(d, y + i + 3 * lanes), s3);
  }
  for (; i + lanes <= n; i += lanes) s0 = hn::MulAdd(hn::LoadU(d, x + i), hn::LoadU(d, y + i), s0);
  if (i < n) s1 = hn::MulAdd(only(d, load_tail(d, x + i, n - i), n - i), load_tail(d, y + i, n - i), s1);
  return hn::GetLane(hn::SumOfLanes(d, hn::Add(hn::Add(s0, s1), hn::Add(s2, s3))));
}

template <class T>
void add_products(const MemoryShape& shape, const T* x, const T* memory, T* products) {
  for (int64_t s = 0; s < shape.positions; ++s) {
    if (!hides(shape, s)) products[s] += product(x, memory + s * shape.size, shape.size);
  }
}

template <class T>
AdditiveKernels<T> make_additive_table() {
  return {.scores = &scores<T>,
          .scores_backward = &scores_backward<T>,
          .weighted_sum = &weighted_sum<T>,
          .add_products = &add_products<T>};
}

const FloatKernels<AdditiveKernels>& additive_table() {
  static const FloatKernels<AdditiveKernels> table{make_additive_table<float>(), make_additive_table<double>()};
  return table;
}

}  // namespace HWY_NAMESPACE
}  // namespace heed::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace heed::kernels {

HEED_SIMD_EXPORT(additive_table);

const FloatKernels<AdditiveKernels>& additive() { return HEED_SIMD_SELECT(additive_table)(); }

}  // namespace heed::kernels
#endif

// What forward and backward of attention share: a tile of scores, keys as rows and queries as columns, so that the
// softmax runs down the rows with a query in each lane; what hides; and products of tiles.
#if defined(HEED_KERNELS_ATTENTION_TILE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef HEED_KERNELS_ATTENTION_TILE_INL_H_
#undef HEED_KERNELS_ATTENTION_TILE_INL_H_
#else
#define HEED_KERNELS_ATTENTION_TILE_INL_H_
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <cstdint>
#include <limits>

#include "kernels/attention_dropout-inl.h"
#include "kernels/gemm_block-inl.h"
#include "kernels/vector_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace heed::kernels {
namespace HWY_NAMESPACE {

template <class T>
constexpr T kHidden = -std::numeric_limits<T>::infinity();

// exp(2 x) for x <= 0, 0 below the normal numbers, NaN for NaN: the exponential of a difference of scores, which are
// kept as halves, so that the sum of two that are finite is so too. 2 x = n ln 2 + 2 r, exp(2 r) = 1 + r p(r), |r| <=
// ln(2) / 4; p was made for this file by interpolation at Chebyshev's nodes in 60-digit arithmetic: 5e-9 and 1e-18 of
// the result. What n ln 2 loses in one step counts for small results alone.
template <class D>
HWY_INLINE hn::Vec<D> exp_of_twice(D d, hn::Vec<D> x) {
  constexpr double kHalfLn2 = 0.34657359027997265471;
  // At this bound the exponent's bits are all 0, and so is the result.
  x = at_least(d, x, (kIsFloat32<D> ? -127 : -1023) * kHalfLn2);
  const auto biased_n = hn::MulAdd(x, constant(d, 2.88539008177792681472), biased_rounder(d));
  const auto r = hn::NegMulAdd(hn::Sub(biased_n, biased_rounder(d)), constant(d, kHalfLn2), x);
  hn::Vec<D> p;
  if constexpr (kIsFloat32<D>) {
    p = polynomial(d, r, 2.00000002154314, 2.000000005383091, 1.33332042083265, 0.6666634400966408, 0.2678127517074031,
                   0.08917530260471489);
  } else {
    p = polynomial(d, r, 2., 2., 1.3333333333333344, 0.6666666666666669, 0.26666666666622724, 0.08888888888882612,
                   0.025396825459260308, 0.006349206358123858, 0.0014109307350312432, 0.00028218637620710147,
                   5.1425357017013815e-05, 8.56806582475451e-06);
  }
  return hn::Mul(hn::MulAdd(p, r, constant(d, 1)), power_of_two(d, biased_n));
}

template <class T>
HWY_INLINE int64_t whole_vectors(int64_t n) {
  return (n + vector_lanes<T>() - 1) / vector_lanes<T>() * vector_lanes<T>();
}

// ---- Operands

// y[j] = factor * x[j]
template <class T>
HWY_INLINE void scale_row(const T* x, T factor, T* y, int64_t n) {
  const hn::ScalableTag<T> d;
  int64_t j = 0;
  for (; j + vector_lanes<T>() <= n; j += vector_lanes<T>()) {
    hn::StoreU(hn::Mul(hn::LoadU(d, x + j), hn::Set(d, factor)), d, y + j);
  }
  for (; j < n; ++j) y[j] = x[j] * factor;
}

// to[j] = factor * from[j * stride], followed by zeros to the end of the last vector.
template <class T>
HWY_INLINE void copy_row(const T* from, int64_t stride, int64_t columns, T factor, T* to) {
  const hn::ScalableTag<T> d;
  int64_t j = 0;
  if (stride == 1) {
    for (; j + vector_lanes<T>() <= columns; j += vector_lanes<T>()) {
      hn::StoreU(hn::Mul(hn::LoadU(d, from + j), hn::Set(d, factor)), d, to + j);
    }
  }
  for (; j < columns; ++j) to[j] = from[j * stride] * factor;
  for (const int64_t end = whole_vectors<T>(columns); j < end; ++j) to[j] = 0;
}
template <class T>
HWY_INLINE void copy_rows(const Matrix<T>& from, int64_t rows, int64_t columns, T factor, T* to, int64_t length) {
  for (int64_t i = 0; i < rows; ++i) {
    copy_row(from.data + i * from.row_stride, from.column_stride, columns, factor, to + i * length);
  }
}

// So many rows stay in the first-level cache however far they stand apart.
constexpr int64_t kFewRows = 32;

// Keys or values of a tile as the right operand of a product: where they stand when that is near, else copied together.
template <class T>
HWY_INLINE Matrix<T> gathered(const Grid<const T>& from, int64_t first, int64_t rows, int64_t columns, T* copy,
                              int64_t length) {
  const Matrix<T> there{from.data + first * from.row_stride, from.row_stride, from.column_stride};
  const bool near = rows <= kFewRows || rows * from.row_stride * static_cast<int64_t>(sizeof(T)) <= 16384;
  if (near && from.column_stride == 1 && columns % vector_lanes<T>() == 0) return there;
  copy_rows(there, rows, columns, T{1}, copy, length);
  return {copy, length, 1};
}

// The same as the left operand, which may have any strides.
template <class T>
HWY_INLINE Matrix<T> gathered_left(const Grid<const T>& from, int64_t first, int64_t rows, int64_t columns, T* copy,
                                   int64_t length) {
  if (from.column_stride == 1 && from.row_stride <= 2 * columns) {
    return {from.data + first * from.row_stride, from.row_stride, 1};
  }
  return gathered(from, first, rows, columns, copy, length);
}

// The rows of `from`, `count` of them, as columns of a right operand: panels, padded with zeros. There is room for
// whole panels of rows.
template <class T>
HWY_INLINE void pack_as_columns(T* from, int64_t count, int64_t size, int64_t length, T* panels) {
  const int64_t width = panel_width<T>();
  const int64_t whole = (count + width - 1) / width * width;
  for (int64_t i = count; i < whole; ++i) std::fill_n(from + i * length, size, T{0});
  pack_panels(Matrix<T>{from, 1, length}, size, whole, size * width, panels);
}

template <class T>
HWY_INLINE Panels<T> columns_as_panels(const T* panels, int64_t size) {
  return {panels, panel_width<T>(), size * panel_width<T>(), nullptr};
}
template <class T>
HWY_INLINE Panels<T> rows_as_panels(const Matrix<T>& rows) {
  return {rows.data, rows.row_stride, panel_width<T>(), nullptr};
}

// C = A B or C += A B, A (m, k), B (k, n); the terms in blocks of 256, as gemm's contract has it.
template <class T>
HWY_INLINE void multiply_tiles(int64_t m, int64_t n, int64_t k, const Matrix<T>& a, Panels<T> b, Output<T> c) {
  for (int64_t p = 0; p < k; p += 256) {
    multiply_block(m, n, std::min<int64_t>(256, k - p), a.at(0, p), static_cast<const T*>(nullptr), b, c);
    b.data += 256 * b.row_stride;
    c.add = true;
  }
}

// ---- Scores, as halves

// The queries of a tile, half as long and scaled, as columns.
template <class T>
HWY_INLINE void pack_queries(const AttentionHead<T>& head, int64_t target, int64_t targets, T* rows, int64_t length,
                             T* panels) {
  const Matrix<T> queries{head.query.data + target * head.query.row_stride, head.query.row_stride,
                          head.query.column_stride};
  const T half = head.scale / 2;
  const bool exact = half * 2 == head.scale;  // not below the normal numbers
  copy_rows(queries, targets, head.size, exact ? half : head.scale, rows, length);
  for (int64_t i = 0; !exact && i < targets; ++i) scale_row(rows + i * length, T{0.5}, rows + i * length, head.size);
  pack_as_columns(rows, targets, head.size, length, panels);
}

// Where a tile of scores stands: element (key r, query i) at data[r * length + i].
template <class T>
struct ScoreTile {
  int64_t target, targets, source, sources;  // the first query and key, and how many
  T* data;
  int64_t length;
};

enum class Visible { none, some, all };

template <class T>
HWY_INLINE Visible visible_by_mask(const AttentionHead<T>& head, const ScoreTile<T>& tile) {
  if (head.hidden.data == nullptr) return Visible::all;
  const int64_t rows = head.hidden.row_stride == 0 ? 1 : tile.targets;
  bool any = false, all = true;
  for (int64_t i = 0; i < rows; ++i) {
    const bool* hidden = head.hidden.data + (tile.target + i) * head.hidden.row_stride;
    for (int64_t r = 0; r < tile.sources; ++r) {
      const bool value = hidden[(tile.source + r) * head.hidden.column_stride];
      any |= value;
      all &= value;
    }
    if (any && !all) return Visible::some;
  }
  return all ? Visible::none : any ? Visible::some : Visible::all;
}

template <class T>
HWY_INLINE void hide_by_mask(const AttentionHead<T>& head, const ScoreTile<T>& tile) {
  for (int64_t r = 0; r < tile.sources; ++r) {
    const bool* hidden =
        head.hidden.data + tile.target * head.hidden.row_stride + (tile.source + r) * head.hidden.column_stride;
    T* row = tile.data + r * tile.length;
    if (head.hidden.row_stride == 0) {
      if (*hidden) std::fill_n(row, tile.targets, kHidden<T>);
      continue;
    }
    for (int64_t i = 0; i < tile.targets; ++i) {
      row[i] = hidden[i * head.hidden.row_stride] ? kHidden<T> : row[i];
    }
  }
}

template <class T>
HWY_INLINE void hide_the_future(const ScoreTile<T>& tile) {
  for (int64_t r = 0; r < tile.sources; ++r) {
    const int64_t behind = tile.source + r - tile.target;
    if (behind > 0) std::fill_n(tile.data + r * tile.length, std::min(behind, tile.targets), kHidden<T>);
  }
}

template <class T>
HWY_INLINE void add_to_scores(const AttentionHead<T>& head, const ScoreTile<T>& tile) {
  for (int64_t r = 0; r < tile.sources; ++r) {
    const T* added =
        head.added.data + tile.target * head.added.row_stride + (tile.source + r) * head.added.column_stride;
    T* row = tile.data + r * tile.length;
    for (int64_t i = 0; i < tile.targets; ++i) {
      const T value = added[i * head.added.row_stride];
      row[i] = value == kHidden<T> ? value : row[i] + value * T{0.5};
    }
  }
}

template <class T>
HWY_INLINE void set_nonfinite_scores(const AttentionHead<T>& head, const ScoreTile<T>& tile) {
  for (int64_t r = 0; r < tile.sources; ++r) {
    T* row = tile.data + r * tile.length;
    for (int64_t i = 0; i < tile.targets; ++i) {
      const bool nonfinite = head.nonfinite_keys[tile.source + r] || head.nonfinite_queries[tile.target + i];
      if (nonfinite && row[i] != kHidden<T>) row[i] = std::numeric_limits<T>::quiet_NaN();
    }
  }
}

// Scores from keys (S, D) and packed queries, which have the scale in them. False, and nothing done, when all would be
// hidden.
template <class T>
HWY_INLINE bool compute_scores(const AttentionHead<T>& head, const ScoreTile<T>& tile, const Grid<const T>& key,
                               const T* query_panels, T* copy, int64_t copy_length) {
  const Visible visible = visible_by_mask(head, tile);
  if (visible == Visible::none) return false;
  const Matrix<T> rows = gathered_left(key, tile.source, tile.sources, head.size, copy, copy_length);
  if (head.size == 0) {
    for (int64_t r = 0; r < tile.sources; ++r) std::fill_n(tile.data + r * tile.length, tile.length, T{0});
  }
  multiply_tiles(tile.sources, whole_vectors<T>(tile.targets), head.size, rows,
                 columns_as_panels(query_panels, head.size), Output<T>{tile.data, tile.length, 1, false});
  if (head.added.data != nullptr) add_to_scores(head, tile);
  if (visible == Visible::some) hide_by_mask(head, tile);
  if (head.causal) hide_the_future(tile);
  if (head.nonfinite_queries != nullptr) set_nonfinite_scores(head, tile);
  return true;
}

// The first source that no target of the tile sees.
template <class T>
HWY_INLINE int64_t end_of_sources(const AttentionHead<T>& head, int64_t target, int64_t targets) {
  return head.causal ? std::min(head.sources, target + targets) : head.sources;
}

// Factors of a tile's weights, as the tile is laid out.
template <class T>
HWY_INLINE void dropout_tile(const AttentionHead<T>& head, const ScoreTile<T>& tile, T* factors) {
  for (int64_t i = 0; i < tile.targets; ++i) {
    const uint64_t first = head.first_weight + static_cast<uint64_t>((tile.target + i) * head.sources + tile.source);
    dropout_factors(head.dropout, first, tile.sources, factors + i, tile.length);
  }
}

template <class T>
HWY_INLINE void multiply_elements(T* x, const T* factors, const ScoreTile<T>& tile) {
  for (int64_t r = 0; r < tile.sources; ++r) {
    for (int64_t i = 0; i < tile.targets; ++i) x[r * tile.length + i] *= factors[r * tile.length + i];
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace heed::kernels
HWY_AFTER_NAMESPACE();

#endif  // HEED_KERNELS_ATTENTION_TILE_INL_H_

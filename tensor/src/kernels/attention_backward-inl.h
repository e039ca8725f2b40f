// Backward of attention: the scores again, and from them the gradients. With p the exponentials, l their sum and
// g = dO / l: dV = pᵀ g, dS = scale p (g Vᵀ - rowsum(g O)), dQ = dS K, dK = dSᵀ Q.
#if defined(HEED_KERNELS_ATTENTION_BACKWARD_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef HEED_KERNELS_ATTENTION_BACKWARD_INL_H_
#undef HEED_KERNELS_ATTENTION_BACKWARD_INL_H_
#else
#define HEED_KERNELS_ATTENTION_BACKWARD_INL_H_
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "kernels/attention_tile-inl.h"
#include "kernels/attention_workspace.h"

HWY_BEFORE_NAMESPACE();
namespace heed::kernels {
namespace HWY_NAMESPACE {

template <class T>
struct BackwardCall {
  const AttentionHead<T>& head;
  const AttentionRecord<const T>& record;
  const AttentionGradient<T>& gradient;
  const BackwardWorkspace<T>& work;
  Matrix<T> queries;  // of the tile, as they were given

  bool wants_scores() const { return gradient.query.data != nullptr || gradient.key.data != nullptr; }
};

template <class T>
HWY_INLINE T dot_of_rows(const T* x, const T* y, int64_t n) {
  const hn::ScalableTag<T> d;
  auto sums = hn::Zero(d);
  int64_t j = 0;
  for (; j + vector_lanes<T>() <= n; j += vector_lanes<T>()) {
    sums = hn::MulAdd(hn::LoadU(d, x + j), hn::LoadU(d, y + j), sums);
  }
  T sum = hn::GetLane(hn::SumOfLanes(d, sums));
  for (; j < n; ++j) sum += x[j] * y[j];
  return sum;
}

// g, rowsum(g O) and the shift of each query. Where everything is hidden g is 0; where the sum is NaN the exponentials
// are made so, and g is left finite, so that what is hidden stays 0. Returns whether there is such a query.
template <class T>
bool load_outputs(const BackwardCall<T>& call, int64_t target, int64_t targets) {
  const BackwardWorkspace<T>& work = call.work;
  const int64_t size = call.head.value_size;
  bool nonfinite = false;
  for (int64_t i = 0; i < targets; ++i) {
    const T inverse = call.record.inverse_sums[target + i];
    const T max = call.record.maxima[target + i];
    const Grid<const T>& from = call.gradient.output;
    T* row = work.outputs + i * work.value_length;
    const T factor = std::isnan(inverse) ? T{1} : inverse;
    if (inverse == 0) {
      std::fill_n(row, whole_vectors<T>(size), T{0});
    } else {
      copy_row(from.data + (target + i) * from.row_stride, from.column_stride, size, factor, row);
    }
    work.deltas[i] =
        inverse == 0 ? T{0} : dot_of_rows(row, call.record.output + (target + i) * call.record.output_stride, size);
    work.maxima[i] = std::isnan(inverse) ? inverse : max == kHidden<T> ? T{0} : max;
    nonfinite |= std::isnan(inverse);
  }
  std::fill(work.deltas + targets, work.deltas + whole_vectors<T>(targets), T{0});
  std::fill(work.maxima + targets, work.maxima + whole_vectors<T>(targets), T{0});
  pack_as_columns(work.outputs, targets, size, work.value_length, work.output_panels);
  return nonfinite;
}

// Everything of a tile of queries that all tiles of keys need.
template <class T>
bool load_targets(const BackwardCall<T>& call, int64_t target, int64_t targets) {
  const BackwardWorkspace<T>& work = call.work;
  const AttentionHead<T>& head = call.head;
  pack_queries(head, target, targets, work.queries, work.size_length, work.query_panels);
  return load_outputs(call, target, targets);
}

// In place: scores become exponentials p, products (g Vᵀ) become dS. kNonfinite: some sum was NaN. Nothing comes from a
// weight of 0, whatever stands in the product.
template <bool kNonfinite, class T>
void differentiate(const ScoreTile<T>& tile, T scale, T* products, const T* maxima, const T* deltas) {
  const hn::ScalableTag<T> d;
  for (int64_t r = 0; r < tile.sources; ++r) {
    T* scores = tile.data + r * tile.length;
    T* row = products + r * tile.length;
    for (int64_t i = 0; i < tile.targets; i += vector_lanes<T>()) {
      const auto score = hn::LoadU(d, scores + i);
      auto power = exp_of_twice(d, hn::Sub(score, hn::LoadU(d, maxima + i)));
      if constexpr (kNonfinite) power = hn::IfThenZeroElse(hn::Eq(score, hn::Set(d, kHidden<T>)), power);
      const auto difference = hn::Sub(hn::LoadU(d, row + i), hn::LoadU(d, deltas + i));
      const auto slope = hn::Mul(hn::Mul(power, difference), hn::Set(d, scale));
      hn::StoreU(hn::IfThenZeroElse(hn::Eq(power, hn::Zero(d)), slope), d, row + i);
      hn::StoreU(power, d, scores + i);
    }
  }
}

// Where a sum is NaN, so is every weight that is seen, also of a score of -inf.
template <class T>
void set_seen_to_nan(const BackwardCall<T>& call, const ScoreTile<T>& tile) {
  for (int64_t i = 0; i < tile.targets; ++i) {
    for (int64_t r = 0; std::isnan(call.work.maxima[i]) && r < tile.sources; ++r) {
      T& score = tile.data[r * tile.length + i];
      if (score == kHidden<T> && call.head.sees(tile.target + i, tile.source + r)) score = call.work.maxima[i];
    }
  }
}

// p in tile.data and dS in work.products. False when everything is hidden.
template <class T>
bool compute_slopes(const BackwardCall<T>& call, const ScoreTile<T>& tile, bool nonfinite) {
  const BackwardWorkspace<T>& work = call.work;
  const AttentionHead<T>& head = call.head;
  if (!compute_scores(head, tile, head.key, work.query_panels, work.keys, work.size_length)) return false;
  if (call.wants_scores() && head.value_size > 0) {
    const Matrix<T> values =
        gathered_left(head.value, tile.source, tile.sources, head.value_size, work.values, work.value_length);
    multiply_tiles(tile.sources, whole_vectors<T>(tile.targets), head.value_size, values,
                   columns_as_panels(work.output_panels, head.value_size),
                   Output<T>{work.products, tile.length, 1, false});
  } else {
    std::fill_n(work.products, tile.sources * tile.length, T{0});
  }
  if (head.dropout.active) {
    dropout_tile(head, tile, work.factors);
    multiply_elements(work.products, work.factors, tile);
  }
  if (nonfinite) set_seen_to_nan(call, tile);
  const auto run = nonfinite ? &differentiate<true, T> : &differentiate<false, T>;
  run(tile, head.scale, work.products, work.maxima, work.deltas);
  if (head.dropout.active) multiply_elements(tile.data, work.factors, tile);
  return true;
}

template <class T>
HWY_INLINE Output<T> rows_of(const Grid<T>& gradient, int64_t first) {
  return {gradient.data + first * gradient.row_stride, gradient.row_stride, 1, true};
}

template <class T>
void differentiate_tile(const BackwardCall<T>& call, const ScoreTile<T>& tile, bool nonfinite) {
  const BackwardWorkspace<T>& work = call.work;
  const AttentionHead<T>& head = call.head;
  if (!compute_slopes(call, tile, nonfinite)) return;
  const Matrix<T> slopes{work.products, tile.length, 1};
  if (call.gradient.value.data != nullptr) {
    multiply_tiles(tile.sources, head.value_size, tile.targets, Matrix<T>{tile.data, tile.length, 1},
                   rows_as_panels(Matrix<T>{work.outputs, work.value_length, 1}),
                   rows_of(call.gradient.value, tile.source));
  }
  if (call.gradient.key.data != nullptr) {
    multiply_tiles(tile.sources, head.size, tile.targets, slopes, rows_as_panels(call.queries),
                   rows_of(call.gradient.key, tile.source));
  }
  if (call.gradient.query.data != nullptr) {
    const Matrix<T> keys = gathered(head.key, tile.source, tile.sources, head.size, work.keys, work.size_length);
    multiply_tiles(tile.targets, head.size, tile.sources, Matrix<T>{work.products, 1, tile.length},
                   rows_as_panels(keys), rows_of(call.gradient.query, tile.target));
  }
}

// Tiles add to the gradients.
template <class T>
void clear_rows(const Grid<T>& gradient, int64_t size, int64_t first, int64_t last) {
  if (gradient.data == nullptr) return;
  const hn::ScalableTag<T> d;
  for (int64_t row = first; row < last; ++row) {
    T* to = gradient.data + row * gradient.row_stride;
    int64_t j = 0;
    for (; j + vector_lanes<T>() <= size; j += vector_lanes<T>()) hn::StoreU(hn::Zero(d), d, to + j);
    for (; j < size; ++j) to[j] = 0;
  }
}

template <class T>
void run_attention_backward(const AttentionHead<T>& head, const AttentionRecord<const T>& record,
                            const AttentionGradient<T>& gradient, const AttentionRange& range, void* workspace) {
  const BackwardWorkspace<T> work(head.targets, head.sources, head.size, head.value_size, workspace);
  constexpr int64_t kTargets = kBackwardTargets<T>, kSources = kBackwardSources<T>;
  clear_rows(gradient.query, head.size, range.first_target, range.last_target);
  clear_rows(gradient.key, head.size, range.first_source, range.last_source);
  clear_rows(gradient.value, head.value_size, range.first_source, range.last_source);
  for (int64_t target = range.first_target; target < range.last_target; target += kTargets) {
    const int64_t targets = std::min(kTargets, range.last_target - target);
    const BackwardCall<T> call{head, record, gradient, work,
                               gathered(head.query, target, targets, head.size, work.plain_queries, work.size_length)};
    const bool nonfinite = load_targets(call, target, targets);
    const int64_t end = std::min(range.last_source, end_of_sources(head, target, targets));
    for (int64_t source = range.first_source; source < end; source += kSources) {
      const ScoreTile<T> tile{target,      targets,          source, std::min(kSources, end - source),
                              work.scores, work.score_length};
      differentiate_tile(call, tile, nonfinite);
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace heed::kernels
HWY_AFTER_NAMESPACE();

#endif  // HEED_KERNELS_ATTENTION_BACKWARD_INL_H_

// Forward of attention: for a tile of queries, all tiles of keys, with a running maximum and sum of each query.
#if defined(HEED_KERNELS_ATTENTION_FORWARD_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef HEED_KERNELS_ATTENTION_FORWARD_INL_H_
#undef HEED_KERNELS_ATTENTION_FORWARD_INL_H_
#else
#define HEED_KERNELS_ATTENTION_FORWARD_INL_H_
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>

#include "kernels/attention_tile-inl.h"
#include "kernels/attention_workspace.h"

HWY_BEFORE_NAMESPACE();
namespace heed::kernels {
namespace HWY_NAMESPACE {

// What the softmax of each query is at: the largest score so far, the sum of exponentials, and by how much all that was
// weighed before a tile must be multiplied.
template <class T>
struct Softmax {
  T *maxima, *sums, *corrections;
};

// kVectors vectors of queries, from query i on: a line of the cache at a time.
template <int64_t kVectors, class T>
HWY_INLINE void soften_columns(const ScoreTile<T>& tile, int64_t i, const Softmax<T>& at) {
  const hn::ScalableTag<T> d;
  const auto place = [i](T* x, size_t v) { return x + i + static_cast<int64_t>(v) * vector_lanes<T>(); };
  auto max = zeros(d, std::make_index_sequence<static_cast<size_t>(kVectors)>()), shift = max, sum = max;
  for (size_t v = 0; v < max.size(); ++v) max[v] = hn::LoadU(d, place(at.maxima, v));
  for (int64_t r = 0; r < tile.sources; ++r) {
    T* row = tile.data + r * tile.length;
    for (size_t v = 0; v < max.size(); ++v) max[v] = hn::Max(max[v], hn::LoadU(d, place(row, v)));
  }
  for (size_t v = 0; v < max.size(); ++v) {
    // Where all is hidden so far there is nothing to shift by, and -inf - (-inf) would be NaN.
    shift[v] = hn::IfThenZeroElse(hn::Eq(max[v], hn::Set(d, kHidden<T>)), max[v]);
    const auto correction = exp_of_twice(d, hn::Sub(hn::LoadU(d, place(at.maxima, v)), shift[v]));
    sum[v] = hn::Mul(hn::LoadU(d, place(at.sums, v)), correction);
    hn::StoreU(correction, d, place(at.corrections, v));
    hn::StoreU(max[v], d, place(at.maxima, v));
  }
  for (int64_t r = 0; r < tile.sources; ++r) {
    T* row = tile.data + r * tile.length;
    for (size_t v = 0; v < max.size(); ++v) {
      const auto power = exp_of_twice(d, hn::Sub(hn::LoadU(d, place(row, v)), shift[v]));
      hn::StoreU(power, d, place(row, v));
      sum[v] = hn::Add(sum[v], power);
    }
  }
  for (size_t v = 0; v < max.size(); ++v) hn::StoreU(sum[v], d, place(at.sums, v));
}

// Scores of a tile become exponentials, and the softmax of each query moves on.
template <class T>
void soften(const ScoreTile<T>& tile, const Softmax<T>& at) {
  const int64_t lanes = vector_lanes<T>();
  int64_t i = 0;
  for (; i + lanes < tile.targets; i += 2 * lanes) soften_columns<2>(tile, i, at);
  if (i < tile.targets) soften_columns<1>(tile, i, at);
}

// Exponentials are at most 1 and no share of a whole yet, so that sums of values can leave the range where their mean
// does not. A second pass takes them as this small.
constexpr double kSmallShare = 0x1p-32;

// One tile of keys, added to what the queries have gathered, its weights times `share`.
template <class T>
void attend_to_tile(const AttentionHead<T>& head, const ScoreTile<T>& tile, T share, const ForwardWorkspace<T>& work) {
  if (!compute_scores(head, tile, head.key, work.query_panels, work.keys, work.size_length)) return;
  soften(tile, Softmax<T>{work.maxima, work.sums, work.corrections});
  for (int64_t i = 0; i < tile.targets; ++i) {
    T* row = work.output + i * work.value_length;
    if (work.corrections[i] != 1) scale_row(row, work.corrections[i], row, head.value_size);
  }
  for (int64_t r = 0; share != 1 && r < tile.sources; ++r) {
    scale_row(tile.data + r * tile.length, share, tile.data + r * tile.length, tile.targets);
  }
  if (head.dropout.active) {
    dropout_tile(head, tile, work.factors);
    multiply_elements(tile.data, work.factors, tile);
  }
  const Matrix<T> values =
      gathered(head.value, tile.source, tile.sources, head.value_size, work.values, work.value_length);
  multiply_tiles(tile.targets, whole_vectors<T>(head.value_size), tile.sources, Matrix<T>{tile.data, 1, tile.length},
                 rows_as_panels(values), Output<T>{work.output, work.value_length, 1, true});
}

// One over a sum of 0: 0 where all is hidden, NaN where what is seen has scores that are -inf.
template <class T>
T inverse_of_nothing(const AttentionHead<T>& head, int64_t target) {
  for (int64_t source = 0; source < head.sources; ++source) {
    if (head.sees(target, source)) return std::numeric_limits<T>::quiet_NaN();
  }
  return 0;
}

// to = factor * from; `nonfinite` gets bits where an element is not finite: x - x is +0 for those that are.
template <class T, class V>
HWY_INLINE void finish_row(const T* from, T factor, T* to, int64_t n, V& nonfinite) {
  const hn::ScalableTag<T> d;
  int64_t j = 0;
  for (; j + vector_lanes<T>() <= n; j += vector_lanes<T>()) {
    const auto value = hn::Mul(hn::LoadU(d, from + j), hn::Set(d, factor));
    nonfinite = hn::Or(nonfinite, hn::Sub(value, value));
    hn::StoreU(value, d, to + j);
  }
  for (; j < n; ++j) {
    to[j] = from[j] * factor;
    nonfinite = hn::Or(nonfinite, hn::Set(d, to[j] - to[j]));
  }
}

// Writes what the queries have gathered. False when something of it is not finite.
template <class T>
bool finish_targets(const AttentionHead<T>& head, const AttentionRecord<T>& record, int64_t first, int64_t count,
                    const ForwardWorkspace<T>& work) {
  const hn::ScalableTag<T> d;
  auto nonfinite = hn::Zero(d);
  for (int64_t i = 0; i < count; ++i) {
    const T inverse = work.sums[i] == 0 ? inverse_of_nothing(head, first + i) : 1 / work.sums[i];
    record.maxima[first + i] = work.maxima[i];
    record.inverse_sums[first + i] = inverse;
    finish_row(work.output + i * work.value_length, inverse, record.output + (first + i) * record.output_stride,
               head.value_size, nonfinite);
  }
  return hn::AllTrue(d, hn::Eq(nonfinite, hn::Zero(d)));
}

// The rows that are not finite once more, from shares.
template <class T>
void finish_nonfinite_targets(const AttentionHead<T>& head, const AttentionRecord<T>& record, int64_t first,
                              int64_t count, const ForwardWorkspace<T>& work) {
  for (int64_t i = 0; i < count; ++i) {
    T* row = record.output + (first + i) * record.output_stride;
    const T factor = record.inverse_sums[first + i] / static_cast<T>(kSmallShare);
    const bool finite = std::all_of(row, row + head.value_size, [](T x) { return std::isfinite(x); });
    if (!finite) scale_row(work.output + i * work.value_length, factor, row, head.value_size);
  }
}

// What the targets of one tile gather from all sources.
template <class T>
void attend_from_tile(const AttentionHead<T>& head, int64_t target, int64_t targets, T share,
                      const ForwardWorkspace<T>& work) {
  std::fill_n(work.output, targets * work.value_length, T{0});
  std::fill_n(work.maxima, whole_vectors<T>(targets), kHidden<T>);
  std::fill_n(work.sums, whole_vectors<T>(targets), T{0});
  const int64_t end = end_of_sources(head, target, targets);
  for (int64_t source = 0; source < end; source += kForwardSources<T>) {
    const ScoreTile<T> tile{target,      targets,          source, std::min(kForwardSources<T>, end - source),
                            work.scores, work.score_length};
    attend_to_tile(head, tile, share, work);
  }
}

template <class T>
void run_attention(const AttentionHead<T>& head, const AttentionRecord<T>& record, int64_t first, int64_t last,
                   void* workspace) {
  const ForwardWorkspace<T> work(head.targets, head.sources, head.size, head.value_size, workspace);
  constexpr int64_t kTargets = kForwardTargets<T>;
  for (int64_t target = first; target < last; target += kTargets) {
    const int64_t targets = std::min(kTargets, last - target);
    pack_queries(head, target, targets, work.queries, work.size_length, work.query_panels);
    attend_from_tile(head, target, targets, T{1}, work);
    if (!finish_targets(head, record, target, targets, work)) {
      attend_from_tile(head, target, targets, static_cast<T>(kSmallShare), work);
      finish_nonfinite_targets(head, record, target, targets, work);
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace heed::kernels
HWY_AFTER_NAMESPACE();

#endif  // HEED_KERNELS_ATTENTION_FORWARD_INL_H_

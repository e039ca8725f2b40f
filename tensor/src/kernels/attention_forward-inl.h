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
#include <cstdint>

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
  using Vectors = std::array<hn::Vec<decltype(d)>, static_cast<size_t>(kVectors)>;
  const auto place = [i](T* x, size_t v) { return x + i + static_cast<int64_t>(v) * vector_lanes<T>(); };
  Vectors max, shift, sum;
  for (size_t v = 0; v < max.size(); ++v) max[v] = hn::LoadU(d, place(at.maxima, v));
  for (int64_t r = 0; r < tile.sources; ++r) {
    T* row = tile.data + r * tile.length;
    for (size_t v = 0; v < max.size(); ++v) max[v] = hn::Max(max[v], hn::LoadU(d, place(row, v)));
  }
  for (size_t v = 0; v < max.size(); ++v) {
    // Where all is hidden so far there is nothing to shift by, and -inf - (-inf) would be NaN.
    shift[v] = hn::IfThenZeroElse(hn::Eq(max[v], hn::Set(d, kHidden<T>)), max[v]);
    const auto correction = exp2_of_negative(d, hn::Sub(hn::LoadU(d, place(at.maxima, v)), shift[v]));
    sum[v] = hn::Mul(hn::LoadU(d, place(at.sums, v)), correction);
    hn::StoreU(correction, d, place(at.corrections, v));
    hn::StoreU(max[v], d, place(at.maxima, v));
  }
  for (int64_t r = 0; r < tile.sources; ++r) {
    T* row = tile.data + r * tile.length;
    for (size_t v = 0; v < max.size(); ++v) {
      const auto power = exp2_of_negative(d, hn::Sub(hn::LoadU(d, place(row, v)), shift[v]));
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

// One tile of keys, added to what the queries have gathered.
template <class T>
void attend_to_tile(const AttentionHead<T>& head, const ScoreTile<T>& tile, const ForwardWorkspace<T>& work) {
  if (!compute_scores(head, tile, head.key, work.query_panels, work.keys, work.size_length)) return;
  soften(tile, Softmax<T>{work.maxima, work.sums, work.corrections});
  for (int64_t i = 0; i < tile.targets; ++i) {
    T* row = work.output + i * work.value_length;
    if (work.corrections[i] != 1) scale_row(row, work.corrections[i], row, head.value_size);
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

template <class T>
void finish_targets(const AttentionHead<T>& head, const AttentionRecord<T>& record, int64_t first, int64_t count,
                    const ForwardWorkspace<T>& work) {
  for (int64_t i = 0; i < count; ++i) {
    const T inverse = work.sums[i] == 0 ? T{0} : 1 / work.sums[i];
    record.maxima[first + i] = work.maxima[i];
    record.inverse_sums[first + i] = inverse;
    scale_row(work.output + i * work.value_length, inverse, record.output + (first + i) * record.output_stride,
              head.value_size);
  }
}

template <class T>
void run_attention(const AttentionHead<T>& head, const AttentionRecord<T>& record, int64_t first, int64_t last,
                   void* workspace) {
  const ForwardWorkspace<T> work(head.targets, head.sources, head.size, head.value_size, workspace);
  constexpr int64_t kTargets = kForwardTargets<T>, kSources = kForwardSources<T>;
  for (int64_t target = first; target < last; target += kTargets) {
    const int64_t targets = std::min(kTargets, last - target);
    const Matrix<T> queries{head.query.data + target * head.query.row_stride, head.query.row_stride,
                            head.query.column_stride};
    copy_rows(queries, targets, head.size, static_cast<T>(head.scale * kLog2E), work.queries, work.size_length);
    pack_as_columns(work.queries, targets, head.size, work.size_length, work.query_panels);
    std::fill_n(work.output, targets * work.value_length, T{0});
    std::fill_n(work.maxima, whole_vectors<T>(targets), kHidden<T>);
    std::fill_n(work.sums, whole_vectors<T>(targets), T{0});
    const int64_t end = end_of_sources(head, target, targets);
    for (int64_t source = 0; source < end; source += kSources) {
      const ScoreTile<T> tile{target,      targets,          source, std::min(kSources, end - source),
                              work.scores, work.score_length};
      attend_to_tile(head, tile, work);
    }
    finish_targets(head, record, target, targets, work);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace heed::kernels
HWY_AFTER_NAMESPACE();

#endif  // HEED_KERNELS_ATTENTION_FORWARD_INL_H_

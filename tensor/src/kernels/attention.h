// Attention of one head, softmax(scale Q Kᵀ) V, in tiles with an on-line softmax (Milakov, Gimelshein 2018; Dao 2023,
// "FlashAttention-2", algorithms 1 and 2): scores stand in the cache and nowhere else; backward computes them again.
// T targets (queries), S sources (keys), D the size of a query, M the size of a value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include "kernels/float_kernels.h"

namespace heed::kernels {

// Element (i, j) at data[i * row_stride + j * column_stride]; strides of 0 repeat.
template <class T>
struct Grid {
  T* data = nullptr;
  int64_t row_stride = 0, column_stride = 0;
};

// Weight e, counted in row-major order over all heads, is kept when the 32 bits that belong to it are below
// `threshold`: word e mod 4 of block offset + e / 4 of the Philox sequence `stream` under `seed`.
struct AttentionDropout {
  bool active = false;
  uint64_t threshold = 0;
  double factor = 0;  // of what is kept
  uint64_t seed = 0, stream = 0, offset = 0;
};

template <class T>
struct AttentionHead {
  int64_t targets = 0, sources = 0, size = 0, value_size = 0;
  Grid<const T> query, key, value;  // (T, D), (S, D), (S, M), finite wherever one of the flags below is given
  Grid<const bool> hidden;          // (T, S), true = hidden; or no data
  Grid<const T> added;              // (T, S), to the scores, -inf hides; or no data
  // A query or a key with such a flag makes every weight NaN that is not hidden; both given, or neither.
  const bool* nonfinite_queries = nullptr;
  const bool* nonfinite_keys = nullptr;
  bool causal = false;  // source > target is hidden
  T scale = 1;
  AttentionDropout dropout;
  uint64_t first_weight = 0;  // the number of this head's first weight

  bool sees(int64_t target, int64_t source) const {
    const auto at = [&](const auto& grid) { return grid.data[target * grid.row_stride + source * grid.column_stride]; };
    return !(causal && source > target) && !(hidden.data != nullptr && at(hidden)) &&
           !(added.data != nullptr && at(added) == -std::numeric_limits<T>::infinity());
  }
};

// What forward leaves for backward, beside the output: half of the largest score of each target, and one over the sum
// of exponentials, 0 where everything is hidden, NaN where no score that is seen is finite. Backward takes it with a
// const T.
template <class T>
struct AttentionRecord {
  T* output = nullptr;  // (T, M), unit column stride
  int64_t output_stride = 0;
  T* maxima = nullptr;        // (T)
  T* inverse_sums = nullptr;  // (T)
};

// What backward is to compute: no data, not wanted. Unit column strides; key and value need not be zero before.
template <class T>
struct AttentionGradient {
  Grid<const T> output;  // (T, M), given
  Grid<T> query;         // (T, D)
  Grid<T> key, value;    // (S, D), (S, M)
};

// Targets and sources first to last - 1; multiples of the tiles below, or the ends.
struct AttentionRange {
  int64_t first_target, last_target, first_source, last_source;
};

template <class T>
struct AttentionKernels {
  // Tiles start at multiples of these. To split over threads: forward by targets; the gradient of queries by targets,
  // those of keys and values by sources, all of the other range in each; the bits stay the same. So they do whatever
  // stands hidden in the head, and whatever number of hidden sources follows.
  int64_t target_tile, target_tile_backward, source_tile_backward;
  // Bytes of workspace, aligned to 64, that forward and backward need for a head of these sizes: bounded in T and S.
  size_t (*workspace_bytes)(int64_t targets, int64_t sources, int64_t size, int64_t value_size);
  // Fills output, maxima and inverse_sums of the targets first to last - 1.
  void (*forward)(const AttentionHead<T>& head, const AttentionRecord<T>& record, int64_t first, int64_t last,
                  void* workspace);
  void (*backward)(const AttentionHead<T>& head, const AttentionRecord<const T>& record,
                   const AttentionGradient<T>& gradient, const AttentionRange& range, void* workspace);
};

// The kernels of the target in force.
const FloatKernels<AttentionKernels>& attention();

}  // namespace heed::kernels

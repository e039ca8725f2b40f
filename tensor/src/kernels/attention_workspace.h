// The sizes of attention's tiles, and where in a workspace their parts stand. The same for every SIMD target.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace heed::kernels {

// Tiles of queries and keys, chosen so that all parts of a workspace stay in a second-level cache of 512 KiB. Multiples
// of the rows and columns of gemm's tiles. Sums are cut at them: another size gives other bits.
template <class T>
constexpr int64_t kForwardTargets = 768 / static_cast<int64_t>(sizeof(T));
template <class T>
constexpr int64_t kForwardSources = 960 / static_cast<int64_t>(sizeof(T));
template <class T>
constexpr int64_t kBackwardTargets = 576 / static_cast<int64_t>(sizeof(T));
template <class T>
constexpr int64_t kBackwardSources = 384 / static_cast<int64_t>(sizeof(T));

// Elements in a cache line, which is the longest vector too.
template <class T>
constexpr int64_t kLine = 64 / static_cast<int64_t>(sizeof(T));

constexpr int64_t whole(int64_t n, int64_t unit) { return (n + unit - 1) / unit * unit; }

// A row of n elements in a workspace: whole vectors, and a line more, so that the rows of a column do not all fall into
// the same few sets of the cache.
template <class T>
constexpr int64_t row_length(int64_t n) {
  return whole(n, kLine<T>) + kLine<T>;
}
// Rows of queries, as many as the widest panels of gemm hold.
template <class T>
constexpr int64_t panel_rows(int64_t n) {
  return whole(n, 2 * kLine<T>);
}

// Hands out parts of a workspace, in whole lines.
template <class T>
class Parts {
 public:
  explicit Parts(void* start) : next_(static_cast<T*>(start)) {}
  T* take(int64_t n) {
    taken_ += whole(n, kLine<T>);
    return next_ == nullptr ? nullptr : next_ + (taken_ - whole(n, kLine<T>));
  }
  size_t bytes() const { return static_cast<size_t>(taken_) * sizeof(T); }

 private:
  T* next_;
  int64_t taken_ = 0;
};

template <class T>
struct ForwardWorkspace {
  int64_t score_length, size_length, value_length;
  T *queries, *query_panels, *keys, *values, *scores, *factors, *output, *maxima, *sums, *corrections;
  size_t bytes;

  ForwardWorkspace(int64_t targets, int64_t sources, int64_t size, int64_t value_size, void* start) {
    const int64_t rows = panel_rows<T>(std::min(targets, kForwardTargets<T>));
    const int64_t columns = std::min(sources, kForwardSources<T>);
    score_length = row_length<T>(rows);
    size_length = row_length<T>(size);
    value_length = row_length<T>(value_size);
    Parts<T> parts(start);
    queries = parts.take(rows * size_length);
    query_panels = parts.take(rows * size);
    keys = parts.take(columns * size_length);
    values = parts.take(columns * value_length);
    scores = parts.take(columns * score_length);
    output = parts.take(rows * value_length);
    maxima = parts.take(rows);
    sums = parts.take(rows);
    corrections = parts.take(rows);
    factors = parts.take(columns * score_length);
    bytes = parts.bytes();
  }
};

template <class T>
struct BackwardWorkspace {
  int64_t score_length, size_length, value_length;
  T *queries, *query_panels, *plain_queries, *outputs, *output_panels, *keys, *values, *scores, *products, *factors,
      *maxima, *deltas;
  size_t bytes;

  BackwardWorkspace(int64_t targets, int64_t sources, int64_t size, int64_t value_size, void* start) {
    const int64_t rows = panel_rows<T>(std::min(targets, kBackwardTargets<T>));
    const int64_t columns = std::min(sources, kBackwardSources<T>);
    score_length = row_length<T>(rows);
    size_length = row_length<T>(size);
    value_length = row_length<T>(value_size);
    Parts<T> parts(start);
    queries = parts.take(rows * size_length);
    query_panels = parts.take(rows * size);
    plain_queries = parts.take(rows * size_length);
    outputs = parts.take(rows * value_length);
    output_panels = parts.take(rows * value_size);
    keys = parts.take(columns * size_length);
    values = parts.take(columns * value_length);
    scores = parts.take(columns * score_length);
    products = parts.take(columns * score_length);
    maxima = parts.take(rows);
    deltas = parts.take(rows);
    factors = parts.take(columns * score_length);
    bytes = parts.bytes();
  }
};

}  // namespace heed::kernels

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

// What both workspaces begin with: `rows` queries and `columns` keys of a tile.
template <class T>
struct TileWorkspace {
  int64_t rows, columns, score_length, size_length, value_length;
  Parts<T> parts;
  T *queries, *query_panels, *keys, *values, *scores, *factors, *maxima;

  TileWorkspace(int64_t targets, int64_t sources, int64_t size, int64_t value_size, void* start)
      : rows(panel_rows<T>(targets)),
        columns(sources),
        score_length(row_length<T>(rows)),
        size_length(row_length<T>(size)),
        value_length(row_length<T>(value_size)),
        parts(start),
        queries(parts.take(rows * size_length)),
        query_panels(parts.take(rows * size)),
        keys(parts.take(columns * size_length)),
        values(parts.take(columns * value_length)),
        scores(parts.take(columns * score_length)),
        factors(parts.take(columns * score_length)),
        maxima(parts.take(rows)) {}
};

template <class T>
struct ForwardWorkspace : TileWorkspace<T> {
  T *output, *sums, *corrections;
  size_t bytes;

  ForwardWorkspace(int64_t targets, int64_t sources, int64_t size, int64_t value_size, void* start)
      : TileWorkspace<T>(std::min(targets, kForwardTargets<T>), std::min(sources, kForwardSources<T>), size, value_size,
                         start),
        output(this->parts.take(this->rows * this->value_length)),
        sums(this->parts.take(this->rows)),
        corrections(this->parts.take(this->rows)),
        bytes(this->parts.bytes()) {}
};

template <class T>
struct BackwardWorkspace : TileWorkspace<T> {
  T *plain_queries, *outputs, *output_panels, *products, *deltas;
  size_t bytes;

  BackwardWorkspace(int64_t targets, int64_t sources, int64_t size, int64_t value_size, void* start)
      : TileWorkspace<T>(std::min(targets, kBackwardTargets<T>), std::min(sources, kBackwardSources<T>), size,
                         value_size, start),
        plain_queries(this->parts.take(this->rows * this->size_length)),
        outputs(this->parts.take(this->rows * this->value_length)),
        output_panels(this->parts.take(this->rows * value_size)),
        products(this->parts.take(this->columns * this->score_length)),
        deltas(this->parts.take(this->rows)),
        bytes(this->parts.bytes()) {}
};

}  // namespace heed::kernels

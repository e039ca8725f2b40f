// Copies blocks of A into the order the inner loop of the matrix product reads them: the rows of each tile together.
#if defined(HEED_KERNELS_GEMM_PACK_ROWS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef HEED_KERNELS_GEMM_PACK_ROWS_INL_H_
#undef HEED_KERNELS_GEMM_PACK_ROWS_INL_H_
#else
#define HEED_KERNELS_GEMM_PACK_ROWS_INL_H_
#endif

#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "kernels/gemm_pack-inl.h"
#include "kernels/gemm_tile-inl.h"

HWY_BEFORE_NAMESPACE();
namespace heed::kernels {
namespace HWY_NAMESPACE {

// m rows are cut into as few tiles as possible, of rows as equal as possible: a tile of very few rows is slow.
HWY_INLINE int64_t tile_count(int64_t m) { return (m + kTileRows - 1) / kTileRows; }
HWY_INLINE int64_t tile_start(int64_t tile, int64_t m) { return tile * m / tile_count(m); }

// As transpose_blocks, for two rows of float32, whose k values are a multiple of a block.
HWY_INLINE void transpose_pairs(const float* x, int64_t column_stride, int64_t k, int64_t width, float* out) {
#if HWY_TARGET == HWY_SCALAR
  for (int64_t p = 0; p < k; ++p) {
    out[p * width] = x[p];
    out[p * width + 1] = x[p + column_stride];
  }
#else
  const hn::CappedTag<float, 4> d;
  const hn::Half<decltype(d)> pair;
  for (int64_t p = 0; p < k; p += 4, out += 4 * width) {
    const auto v0 = hn::LoadU(d, x + p), v1 = hn::LoadU(d, x + p + column_stride);
    const auto low = hn::InterleaveLower(d, v0, v1), high = hn::InterleaveUpper(d, v0, v1);
    hn::StoreU(hn::LowerHalf(pair, low), pair, out);
    hn::StoreU(hn::UpperHalf(pair, low), pair, out + width);
    hn::StoreU(hn::LowerHalf(pair, high), pair, out + 2 * width);
    hn::StoreU(hn::UpperHalf(pair, high), pair, out + 3 * width);
  }
#endif
}

// `rows` rows whose values of a column are far apart, element (i, p) at out[p * rows + i].
template <class T>
HWY_INLINE void pack_rows(const Matrix<T>& a, int64_t rows, int64_t k, T* out) {
  int64_t p = 0;
  if (a.column_stride == 1) {
    constexpr int64_t kBlock = 16 / sizeof(T);
    int64_t done = rows - rows % kBlock;
    p = transpose_blocks(a.data, a.row_stride, k, done, rows, rows * a.row_stride, out);
    if constexpr (sizeof(T) == sizeof(float)) {
      if (rows - done >= 2) {
        transpose_pairs(a.data + done * a.row_stride, a.row_stride, p, rows, out + done);
        done += 2;
      }
    }
    for (int64_t q = 0; q < p; ++q) {
      for (int64_t i = done; i < rows; ++i) out[q * rows + i] = a.data[i * a.row_stride + q];
    }
  }
  for (; p < k; ++p) {
    const T* column = a.data + p * a.column_stride;
    for (int64_t i = 0; i < rows; ++i) out[p * rows + i] = column[i * a.row_stride];
  }
}

// Moves of a size that the compiler knows, for the sizes that tiles have.
template <class T>
HWY_INLINE void copy_few(const T* from, int64_t count, T* to) {
  if (count == kTileRows) {
    std::memcpy(to, from, kTileRows * sizeof(T));
  } else if (count == kTileRows - 1) {
    std::memcpy(to, from, (kTileRows - 1) * sizeof(T));
  } else {
    std::copy_n(from, count, to);
  }
}

template <class T>
constexpr int64_t kFarColumns = 2048 / sizeof(T);

// A tile of rows whose values of a column stand side by side, as pack_rows.
template <class T>
HWY_INLINE void pack_columns(const Matrix<T>& a, int64_t rows, int64_t k, T* out) {
  for (int64_t p = 0; p < k; ++p) copy_few(a.data + p * a.column_stride, rows, out + p * rows);
}

// Tiles first to last, at most kTilesTogether, likewise: column by column for all of them.
constexpr int64_t kTilesTogether = 8;
template <class T>
HWY_INLINE void pack_columns_together(const Matrix<T>& a, int64_t m, int64_t first, int64_t last, int64_t k, T* out) {
  constexpr int64_t kLine = 64 / sizeof(T);
  std::array<int64_t, kTilesTogether + 1> start;
  for (int64_t t = first; t <= last; ++t) start[static_cast<size_t>(t - first)] = tile_start(t, m);
  const auto tiles = static_cast<size_t>(last - first);
  for (int64_t p = 0; p < k; ++p) {
    const T* column = a.data + p * a.column_stride;
    for (int64_t i = start[0]; i < start[tiles]; i += kLine) hwy::Prefetch(column + kRowsAhead * a.column_stride + i);
    for (size_t t = 0; t < tiles; ++t) {
      const int64_t row = start[t], rows = start[t + 1] - row;
      copy_few(column + row, rows, out + row * k + p * rows);
    }
  }
}

// A block of A, tile after tile.
template <class T>
HWY_INLINE void pack_tiles(const Matrix<T>& a, int64_t m, int64_t k, T* out) {
  const int64_t tiles = tile_count(m);
  // Columns far apart leave the cache before the next tile wants the rest of their lines.
  const bool together = a.row_stride == 1 && a.column_stride >= kFarColumns<T>;
  for (int64_t t = 0; t < tiles; t += together ? kTilesTogether : 1) {
    const int64_t row = tile_start(t, m), rows = tile_start(t + 1, m) - row;
    if (together) {
      pack_columns_together(a, m, t, std::min(tiles, t + kTilesTogether), k, out);
    } else if (a.row_stride == 1) {
      pack_columns(a.at(row, 0), rows, k, out + row * k);
    } else {
      pack_rows(a.at(row, 0), rows, k, out + row * k);
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace heed::kernels
HWY_AFTER_NAMESPACE();

#endif  // HEED_KERNELS_GEMM_PACK_ROWS_INL_H_

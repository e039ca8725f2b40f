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
#include <cstdint>
#include <cstring>

#include "kernels/gemm_pack-inl.h"
#include "kernels/gemm_tile-inl.h"

HWY_BEFORE_NAMESPACE();
namespace heed::kernels {
namespace HWY_NAMESPACE {

// m rows are cut into as few tiles as possible, of rows as equal as possible: a tile of very few rows is slow. The
// first `longer` of them have one row more than `rows`.
struct RowTiles {
  int64_t count, rows, longer;

  HWY_INLINE explicit RowTiles(int64_t m)
      : count((m + kTileRows - 1) / kTileRows), rows(m / std::max<int64_t>(count, 1)), longer(m - rows * count) {}
};

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

// Tiles whose columns are copied together: their part of a column fills a few cache lines, which leave the cache before
// the next tile where columns are a power of two apart.
constexpr int64_t kTilesTogether = 8;

// `tiles` tiles of kRows rows, whose values stand side by side down a column: moves of a size that the compiler knows.
template <int64_t kRows, class T>
HWY_INLINE void pack_columns(const Matrix<T>& a, int64_t tiles, int64_t k, T* out) {
  constexpr int64_t kLine = 64 / sizeof(T);
  for (int64_t t = 0; t < tiles; t += kTilesTogether) {
    const int64_t together = std::min(kTilesTogether, tiles - t);
    const T* column = a.data + t * kRows;
    T* to = out + t * kRows * k;
    for (int64_t p = 0; p < k; ++p, column += a.column_stride, to += kRows) {
      const T* ahead = column + kRowsAhead * a.column_stride;
      for (int64_t j = 0; j < together * kRows; j += kLine) hwy::Prefetch(ahead + j);
      for (int64_t i = 0; i < together; ++i) std::memcpy(to + i * kRows * k, column + i * kRows, kRows * sizeof(T));
    }
  }
}

// `tiles` tiles of `rows` rows each, one after another.
template <class T>
HWY_INLINE void pack_equal_tiles(const Matrix<T>& a, int64_t tiles, int64_t rows, int64_t k, T* out) {
  if (a.row_stride == 1 && rows == kTileRows) return pack_columns<kTileRows>(a, tiles, k, out);
  if (a.row_stride == 1 && rows == kTileRows - 1) return pack_columns<kTileRows - 1>(a, tiles, k, out);
  for (int64_t t = 0; t < tiles; ++t) pack_rows(a.at(t * rows, 0), rows, k, out + t * rows * k);
}

// A block of A.
template <class T>
HWY_INLINE void pack_tiles(const Matrix<T>& a, int64_t m, int64_t k, T* out) {
  const RowTiles tiles(m);
  const int64_t longer = tiles.longer * (tiles.rows + 1);
  pack_equal_tiles(a, tiles.longer, tiles.rows + 1, k, out);
  pack_equal_tiles(a.at(longer, 0), tiles.count - tiles.longer, tiles.rows, k, out + longer * k);
}

}  // namespace HWY_NAMESPACE
}  // namespace heed::kernels
HWY_AFTER_NAMESPACE();

#endif  // HEED_KERNELS_GEMM_PACK_ROWS_INL_H_

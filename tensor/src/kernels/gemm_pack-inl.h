// Copies blocks of B into the order the inner loop of the matrix product reads them.
#if defined(HEED_KERNELS_GEMM_PACK_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef HEED_KERNELS_GEMM_PACK_INL_H_
#undef HEED_KERNELS_GEMM_PACK_INL_H_
#else
#define HEED_KERNELS_GEMM_PACK_INL_H_
#endif

#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include <algorithm>
#include <cstdint>

#include "kernels/gemm_tile-inl.h"

HWY_BEFORE_NAMESPACE();
namespace heed::kernels {
namespace HWY_NAMESPACE {

// A matrix as the kernels see it: element (i, j) at data[i * row_stride + j * column_stride].
template <class T>
struct Matrix {
  const T* data;
  int64_t row_stride, column_stride;

  Matrix at(int64_t row, int64_t column) const {
    return {data + row * row_stride + column * column_stride, row_stride, column_stride};
  }
  Matrix transposed() const { return {data, column_stride, row_stride}; }
};

// Rows that stand far apart are asked for that many before they are copied.
constexpr int64_t kRowsAhead = 8;

// out[j] of row p stands at out[p * width + j], where the source has its rows side by side: 128-bit blocks are
// transposed in registers. Takes whole blocks from p = 0 and returns how many rows it has done, of the k there are.
// What lies `ahead` is asked for: it will be wanted next.
template <class T>
HWY_INLINE int64_t transpose_blocks(const T* x, int64_t column_stride, int64_t k, int64_t columns, int64_t width,
                                    int64_t ahead, T* out) {
#if HWY_TARGET == HWY_SCALAR
  (void)x, (void)column_stride, (void)k, (void)columns, (void)width, (void)ahead, (void)out;
  return 0;
#else
  constexpr int64_t kBlock = 16 / sizeof(T), kLine = 64 / sizeof(T);
  const hn::CappedTag<T, kBlock> d;
  if (columns % kBlock != 0) return 0;
  const int64_t whole = k - k % kBlock;
  for (int64_t p = 0; p < whole; p += kBlock) {
    if (p % kLine == 0) {
      for (int64_t j = 0; j < columns; ++j) hwy::Prefetch(x + p + j * column_stride + ahead);
    }
    for (int64_t j = 0; j < columns; j += kBlock) {
      const T* in = x + p + j * column_stride;
      T* to = out + p * width + j;
      const auto v0 = hn::LoadU(d, in);
      const auto v1 = hn::LoadU(d, in + column_stride);
      if constexpr (sizeof(T) == 8) {
        hn::StoreU(hn::InterleaveLower(d, v0, v1), d, to);
        hn::StoreU(hn::InterleaveUpper(d, v0, v1), d, to + width);
      } else {
        const hn::RepartitionToWide<decltype(d)> wide;
        const auto v2 = hn::LoadU(d, in + 2 * column_stride);
        const auto v3 = hn::LoadU(d, in + 3 * column_stride);
        const auto low01 = hn::BitCast(wide, hn::InterleaveLower(d, v0, v1));
        const auto low23 = hn::BitCast(wide, hn::InterleaveLower(d, v2, v3));
        const auto high01 = hn::BitCast(wide, hn::InterleaveUpper(d, v0, v1));
        const auto high23 = hn::BitCast(wide, hn::InterleaveUpper(d, v2, v3));
        hn::StoreU(hn::BitCast(d, hn::InterleaveLower(wide, low01, low23)), d, to);
        hn::StoreU(hn::BitCast(d, hn::InterleaveUpper(wide, low01, low23)), d, to + width);
        hn::StoreU(hn::BitCast(d, hn::InterleaveLower(wide, high01, high23)), d, to + 2 * width);
        hn::StoreU(hn::BitCast(d, hn::InterleaveUpper(wide, high01, high23)), d, to + 3 * width);
      }
    }
  }
  return whole;
#endif
}

// One panel of B: rows 0 to k of `columns` columns, padded with zeros to the panel's width.
template <class T>
HWY_INLINE void pack_panel(const Matrix<T>& b, int64_t k, int64_t columns, T* out) {
  const int64_t width = panel_width<T>();
  int64_t p = 0;
  if (b.column_stride == 1 && columns == width) {
    const hn::ScalableTag<T> d;
    const int64_t lanes = vector_lanes<T>();
    for (; p < k; ++p) {
      for (int64_t v = 0; v < kPanelVectors; ++v) {
        hn::StoreU(hn::LoadU(d, b.data + p * b.row_stride + v * lanes), d, out + p * width + v * lanes);
      }
    }
    return;
  }
  if (b.row_stride == 1 && columns == width) {
    p = transpose_blocks(b.data, b.column_stride, k, columns, width, width * b.column_stride, out);
  }
  for (; p < k; ++p) {
    const T* row = b.data + p * b.row_stride;
    for (int64_t j = 0; j < columns; ++j) out[p * width + j] = row[j * b.column_stride];
    std::fill_n(out + p * width + columns, width - columns, T{0});
  }
}

// Panels of B one after another, panel_stride apart. Rows whose values are side by side are read four panels at a time:
// a cache line alone from each of many rows is slow.
template <class T>
HWY_INLINE void pack_panels(const Matrix<T>& b, int64_t k, int64_t columns, int64_t panel_stride, T* out) {
  const hn::ScalableTag<T> d;
  const int64_t width = panel_width<T>(), lanes = vector_lanes<T>();
  int64_t j = 0;
  for (; b.column_stride == 1 && j + 4 * width <= columns; j += 4 * width, out += 4 * panel_stride) {
    for (int64_t p = 0; p < k; ++p) {
      const T* row = b.data + p * b.row_stride + j;
      for (int64_t panel = 0; panel < 4; ++panel) hwy::Prefetch(row + kRowsAhead * b.row_stride + panel * width);
      for (int64_t panel = 0; panel < 4; ++panel) {
        for (int64_t v = 0; v < kPanelVectors; ++v) {
          const auto values = hn::LoadU(d, row + panel * width + v * lanes);
          hn::StoreU(values, d, out + panel * panel_stride + p * width + v * lanes);
        }
      }
    }
  }
  for (; j < columns; j += width, out += panel_stride) {
    pack_panel(b.at(0, j), k, std::min(width, columns - j), out);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace heed::kernels
HWY_AFTER_NAMESPACE();

#endif  // HEED_KERNELS_GEMM_PACK_INL_H_

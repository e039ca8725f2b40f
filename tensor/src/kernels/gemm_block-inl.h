// A block of C for one block of k: runs the tiles of gemm_tile-inl.h over panels of B and rows of A, packed or in
// place.
#if defined(HEED_KERNELS_GEMM_BLOCK_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef HEED_KERNELS_GEMM_BLOCK_INL_H_
#undef HEED_KERNELS_GEMM_BLOCK_INL_H_
#else
#define HEED_KERNELS_GEMM_BLOCK_INL_H_
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <cstdint>

#include "kernels/gemm_pack-inl.h"
#include "kernels/gemm_pack_rows-inl.h"
#include "kernels/gemm_tile-inl.h"

HWY_BEFORE_NAMESPACE();
namespace heed::kernels {
namespace HWY_NAMESPACE {

// B for one block of k: whole panels wherever they stand, and a last, narrower panel, padded.
template <class T>
struct Panels {
  const T* data;
  int64_t row_stride, panel_stride;
  const T* edge;     // nullptr: in its place among the others
  bool far = false;  // the panels are whole and too many for the second-level cache
};

// The t-th of `shares` shares of a panel is asked for, while another is at work.
template <class T>
HWY_INLINE void prefetch_share(const T* panel, int64_t elements, int64_t t, int64_t shares) {
  constexpr int64_t kLine = 64 / sizeof(T);
  const int64_t lines = elements / kLine;
  for (int64_t line = lines * t / shares; line < lines * (t + 1) / shares; ++line) hwy::Prefetch(panel + line * kLine);
}

template <class T>
struct Output {
  T* data;
  int64_t row_stride, column_stride;
  bool add;
  const T* bias = nullptr;  // of its first column on, where not adding

  Output at(int64_t row, int64_t column) const {
    return {data + row * row_stride + column * column_stride, row_stride, column_stride, add,
            bias == nullptr ? bias : bias + column};
  }
};

// A tile whose columns are cut by the edge of C or not side by side: computed aside, then copied. Same order, same
// bits.
template <class T>
HWY_NOINLINE void multiply_edge(TileFunction<T> multiply, Tile<T> tile, int64_t rows, int64_t vectors,
                                const Output<T>& c, T* to, int64_t columns) {
  const T* bias = tile.bias;
  HWY_ALIGN T aside[kTileRows * 4 * kPanelVectors * hn::MaxLanes(hn::ScalableTag<T>())];
  const int64_t width = vectors * vector_lanes<T>();
  tile.c = aside;
  tile.c_row_stride = width;
  tile.add = false;
  tile.bias = nullptr;
  multiply(tile);
  for (int64_t i = 0; i < rows; ++i) {
    for (int64_t j = 0; j < columns; ++j) {
      T& element = to[i * c.row_stride + j * c.column_stride];
      const T sum = aside[i * width + j];
      element = c.add ? element + sum : bias != nullptr ? bias[j] + sum : sum;
    }
  }
}

// Rows 0 to m of C for one block of k. a_packed has the rows of each tile together, or is nullptr: A is read in place.
template <class T>
void multiply_block(int64_t m, int64_t n, int64_t k, const Matrix<T>& a, const T* a_packed, const Panels<T>& b,
                    const Output<T>& c) {
  const int64_t width = panel_width<T>();
  const RowTiles tiles(m);
  const LayoutA layout = a_packed != nullptr ? LayoutA::packed : layout_of(a.row_stride, a.column_stride);
  const int64_t a_step = a_packed != nullptr ? k : a.row_stride;
  int64_t step = 0;
  for (int64_t j = 0; j < n; j += step * width) {
    step = panels_at_once(m);
    while (step > 1 && j + step * width > n) step /= 2;
    const int64_t columns = std::min(n - j, step * width);
    const bool narrow = columns <= vector_lanes<T>();
    const int64_t vectors = narrow ? 1 : step * kPanelVectors;
    const bool edge = b.edge != nullptr && columns < width;
    Tile<T> tile;
    tile.k = k;
    tile.b = edge ? b.edge : b.data + j / width * b.panel_stride;
    tile.b_row_stride = edge ? width : b.row_stride;
    tile.b_panel_stride = b.panel_stride;
    tile.c_row_stride = c.row_stride;
    tile.add = c.add;
    tile.bias = c.add || c.bias == nullptr ? nullptr : c.bias + j;
    tile.a = a_packed != nullptr ? a_packed : a.data;
    tile.a_row_stride = a.row_stride;
    tile.a_column_stride = a.column_stride;
    tile.c = c.data + j * c.column_stride;
    const T* next = b.far && j + step * width < n ? b.data + (j / width + step) * b.panel_stride : nullptr;
    const bool whole = c.column_stride == 1 && columns == vectors * vector_lanes<T>();
    for (int64_t t = 0; t < tiles.count; ++t) {
      if (next != nullptr) prefetch_share(next, width * k, t, tiles.count);
      const int64_t rows = t < tiles.longer ? tiles.rows + 1 : tiles.rows;
      const TileFunction<T> multiply = tile_function<T>(layout, rows, vectors);
      if (whole) {
        multiply(tile);
      } else {
        multiply_edge(multiply, tile, rows, vectors, c, tile.c, columns);
      }
      tile.a += rows * a_step;
      tile.c += rows * c.row_stride;
    }
  }
}

// gemm.cpp has them for all: compiling the tiles twice would take as long as a quarter of the library.
extern template void multiply_block(int64_t m, int64_t n, int64_t k, const Matrix<float>& a, const float* a_packed,
                                    const Panels<float>& b, const Output<float>& c);
extern template void multiply_block(int64_t m, int64_t n, int64_t k, const Matrix<double>& a, const double* a_packed,
                                    const Panels<double>& b, const Output<double>& c);

}  // namespace HWY_NAMESPACE
}  // namespace heed::kernels
HWY_AFTER_NAMESPACE();

#endif  // HEED_KERNELS_GEMM_BLOCK_INL_H_

// Blocking, packing and choice of path for the matrix product. The inner loop is in gemm_tile-inl.h.
#include "kernels/gemm.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/gemm.cpp"
#include <hwy/foreach_target.h>
//
#include "kernels/gemm_block-inl.h"
#include "kernels/gemm_pack-inl.h"
#include "kernels/simd_dispatch.h"

HWY_BEFORE_NAMESPACE();
namespace heed::kernels {
namespace HWY_NAMESPACE {

template void multiply_block(int64_t m, int64_t n, int64_t k, const Matrix<float>& a, const float* a_packed,
                             const Panels<float>& b, const Output<float>& c);
template void multiply_block(int64_t m, int64_t n, int64_t k, const Matrix<double>& a, const double* a_packed,
                             const Panels<double>& b, const Output<double>& c);

// Block of k: part of the contract in the header. A panel of B (16 KiB) stays in the first-level cache.
constexpr int64_t kBlockK = 256;
// Packed blocks of A (192 KiB) and B (2 MiB) stay in the second and third.
template <class T>
constexpr int64_t kBlockM = 768 / static_cast<int64_t>(sizeof(T));
template <class T>
constexpr int64_t kBlockN = 8192 / static_cast<int64_t>(sizeof(T));

// Panels of B that are packed together for few rows of A.
constexpr int64_t kStripPanels = 4;

constexpr int64_t round_up(int64_t value, int64_t multiple) { return (value + multiple - 1) / multiple * multiple; }

// Elements for packed panels of B, whatever the target's panel width (at most 128 bytes).
template <class T>
int64_t panel_elements(int64_t n, int64_t k) {
  return k * round_up(n, 128 / static_cast<int64_t>(sizeof(T)));
}

// Elements of an operand that stay in the first-level cache beside what streams past them.
template <class T>
constexpr int64_t kFits = 16384 / static_cast<int64_t>(sizeof(T));

// What is more than the second-level cache holds beside a block of A.
template <class T>
bool is_far(int64_t n, int64_t k) {
  return n * k > 262144 / static_cast<int64_t>(sizeof(T));
}

// Whether A is read where it stands: when each of its values is used too few times to pay for copying it, when its rows
// are few and their values side by side, or when the cache holds all of it.
template <class T>
bool reads_a_in_place(int64_t m, int64_t n, int64_t k, const Matrix<T>& a) {
  const int64_t width = panel_width<T>();
  if (a.column_stride == 1) return n <= 8 * width || m <= 2 * kTileRows;
  return n <= (a.row_stride == 1 ? 4 : 2) * width || k * a.column_stride <= kFits<T>;
}

// Likewise for B, whose values must be side by side along a row: for one tile of rows, when the first-level cache holds
// all of it, or for few tiles when the second does.
template <class T>
bool reads_b_in_place(int64_t m, int64_t k, const Matrix<T>& b) {
  const int64_t spans = k * b.row_stride;
  return b.column_stride == 1 && (m <= kTileRows || spans <= kFits<T> || (m <= 6 * kTileRows && !is_far<T>(1, spans)));
}

// All rows for one block of k and a strip of columns. Packed rows are kept from strip to strip while they are one
// block.
template <class T>
void multiply_rows(int64_t m, int64_t n, int64_t k, const Matrix<T>& a, const Panels<T>& b, const Output<T>& c,
                   T* a_packed, bool first_strip) {
  for (int64_t i = 0; i < m; i += kBlockM<T>) {
    const int64_t rows = std::min(kBlockM<T>, m - i);
    const Matrix<T> block = a.at(i, 0);
    if (a_packed != nullptr && (first_strip || m > kBlockM<T>)) pack_tiles(block, rows, k, a_packed);
    multiply_block(rows, n, k, block, a_packed, b, c.at(i, 0));
  }
}

// Few rows take B in strips that are still in the second-level cache when they are used; many rows make a whole block
// of B worth its place in the third.
template <class T>
void multiply(int64_t m, int64_t n, int64_t k, const Matrix<T>& a, const Matrix<T>& b, const Output<T>& c,
              T* workspace) {
  const int64_t width = panel_width<T>();
  const int64_t block_k = std::min(k, kBlockK);
  const bool in_place = reads_b_in_place(m, block_k, b);
  const int64_t strip = in_place || m > kBlockM<T> ? kBlockN<T> : kStripPanels * width;
  T* a_packed = workspace + panel_elements<T>(std::min(n, kBlockN<T>), block_k);
  if (reads_a_in_place(m, n, block_k, a)) a_packed = nullptr;
  for (int64_t p = 0; p < k; p += block_k) {
    const int64_t depth = std::min(block_k, k - p);
    for (int64_t j = 0; j < n; j += strip) {
      const int64_t columns = std::min(strip, n - j);
      const int64_t whole = columns - columns % width;
      const Matrix<T> block = b.at(p, j);
      Panels<T> panels{workspace, width, depth * width, nullptr};
      if (in_place) {
        panels = {block.data, block.row_stride, width, workspace};
        if (whole < columns) pack_panel(block.at(0, whole), depth, columns - whole, workspace);
      } else {
        pack_panels(block, depth, columns, depth * width, workspace);
        panels.far = is_far<T>(columns, depth);
      }
      Output<T> part = c.at(0, j);
      part.add = c.add || p > 0;
      multiply_rows(m, columns, depth, a.at(0, p), panels, part, a_packed, j == 0);
    }
  }
}

// What the rows of C start from, written into them.
template <class T>
void start_rows(const GemmProblem<T>& g) {
  for (int64_t i = 0; i < g.m && !g.accumulate; ++i) {
    T* row = g.c + i * g.c_row_stride;
    if (g.bias != nullptr) {
      std::copy_n(g.bias, g.n, row);
    } else {
      std::fill_n(row, g.n, T{0});
    }
  }
}

template <class T>
bool ends_without_products(const GemmProblem<T>& g) {
  if (g.m <= 0 || g.n <= 0) return true;
  if (g.k > 0) return false;
  start_rows(g);
  return true;
}

template <class T>
void run_gemm(const GemmProblem<T>& g, void* workspace) {
  if (ends_without_products(g)) return;
  const Matrix<T> a{g.a, g.a_row_stride, g.a_column_stride};
  const Matrix<T> b{g.b, g.b_row_stride, g.b_column_stride};
  // A C of a few columns would waste most of each vector: compute its transpose, with the same products in the same
  // order.
  const int64_t few = a.row_stride == 1 ? vector_lanes<T>() : vector_lanes<T>() / 2;
  if (g.n <= few && g.n < g.m) {
    if (g.bias != nullptr) start_rows(g);
    multiply(g.n, g.m, g.k, b.transposed(), a.transposed(),
             Output<T>{g.c, 1, g.c_row_stride, g.accumulate || g.bias != nullptr}, static_cast<T*>(workspace));
  } else {
    multiply(g.m, g.n, g.k, a, b, Output<T>{g.c, g.c_row_stride, 1, g.accumulate, g.bias}, static_cast<T*>(workspace));
  }
}

template <class T>
void run_pack_b(int64_t n, int64_t k, const T* b, int64_t b_row_stride, int64_t b_column_stride, T* packed) {
  pack_panels(Matrix<T>{b, b_row_stride, b_column_stride}, k, n, k * panel_width<T>(), packed);
}

template <class T>
void run_gemm_packed(const GemmProblem<T>& g, const T* packed, void* workspace) {
  if (ends_without_products(g)) return;
  const int64_t width = panel_width<T>();
  const int64_t block_k = std::min(g.k, kBlockK);
  const Matrix<T> a{g.a, g.a_row_stride, g.a_column_stride};
  T* a_packed = reads_a_in_place(g.m, g.n, block_k, a) ? nullptr : static_cast<T*>(workspace);
  for (int64_t p = 0; p < g.k; p += block_k) {
    const Panels<T> panels{packed + p * width, width, g.k * width, nullptr, is_far<T>(g.n, g.k)};
    multiply_rows(g.m, g.n, std::min(block_k, g.k - p), a.at(0, p), panels,
                  Output<T>{g.c, g.c_row_stride, 1, g.accumulate || p > 0, g.bias}, a_packed, true);
  }
}

template <class T>
size_t workspace_bytes(int64_t m, int64_t n, int64_t k) {
  // Either operand may take the part of B.
  const int64_t longest = std::max(m, n);
  const int64_t block_k = std::min(k, kBlockK);
  const int64_t elements =
      panel_elements<T>(std::min(longest, kBlockN<T>), block_k) + std::min(longest, kBlockM<T>) * block_k;
  return static_cast<size_t>(round_up(elements * static_cast<int64_t>(sizeof(T)), 64));
}

template <class T>
size_t packed_bytes(int64_t n, int64_t k) {
  return static_cast<size_t>(panel_elements<T>(n, k)) * sizeof(T);
}

template <class T>
GemmKernels<T> make_gemm_table() {
  return {.row_tile = kTileRows,
          .column_tile = panel_width<T>(),
          .workspace_bytes = &workspace_bytes<T>,
          .multiply = &run_gemm<T>,
          .packed_bytes = &packed_bytes<T>,
          .pack_b = &run_pack_b<T>,
          .multiply_packed = &run_gemm_packed<T>};
}

const FloatKernels<GemmKernels>& gemm_table() {
  static const FloatKernels<GemmKernels> table{make_gemm_table<float>(), make_gemm_table<double>()};
  return table;
}

}  // namespace HWY_NAMESPACE
}  // namespace heed::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace heed::kernels {

HEED_SIMD_EXPORT(gemm_table);

const FloatKernels<GemmKernels>& gemm() { return HEED_SIMD_SELECT(gemm_table)(); }

}  // namespace heed::kernels
#endif

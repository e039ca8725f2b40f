// The register-blocked inner loop of the matrix product: a tile of C, kRows by kVectors vectors, as one chain of
// multiply-adds per element over a block of k. Every tile shape accumulates an element in the same order.
#if defined(HEED_KERNELS_GEMM_TILE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef HEED_KERNELS_GEMM_TILE_INL_H_
#undef HEED_KERNELS_GEMM_TILE_INL_H_
#else
#define HEED_KERNELS_GEMM_TILE_INL_H_
#endif

#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include <array>
#include <cstdint>
#include <utility>

HWY_BEFORE_NAMESPACE();
namespace heed::kernels {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// Rows of the largest tile, and vectors of a panel of B: with two vectors of B and one value of A they fill the
// registers.
#if HWY_TARGET == HWY_AVX3 || HWY_ARCH_ARM
constexpr int kTileRows = 12;
#else
constexpr int kTileRows = 6;
#endif
constexpr int kPanelVectors = 2;

template <class T>
HWY_INLINE int64_t vector_lanes() {
  return static_cast<int64_t>(hn::Lanes(hn::ScalableTag<T>()));
}
template <class T>
HWY_INLINE int64_t panel_width() {
  return kPanelVectors * vector_lanes<T>();
}

// A tile's operands. B is read in panels: vector v of row p stands at b + p * b_row_stride + (v / 2) * b_panel_stride +
// (v % 2) * lanes.
template <class T>
struct Tile {
  int64_t k;
  const T* a;
  int64_t a_row_stride, a_column_stride;
  const T* b;
  int64_t b_row_stride, b_panel_stride;
  T* c;
  int64_t c_row_stride;
  bool add;       // to C, or else overwrite it
  const T* bias;  // what is then added to each row; or nullptr
};

// Index sequences in place of loops keep the accumulators in registers with every compiler.
template <class V, size_t N, size_t... I>
HWY_INLINE void multiply_add_row(V a, const std::array<V, N>& b, std::array<V, N>& sums, std::index_sequence<I...>) {
  ((sums[I] = hn::MulAdd(a, b[I], sums[I])), ...);
}

template <class D, class V, size_t N, size_t... I>
HWY_INLINE void load_panels(D d, const hn::TFromD<D>* b, int64_t panel_stride, std::array<V, N>& out,
                            std::index_sequence<I...>) {
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  ((out[I] = hn::LoadU(d, b + static_cast<int64_t>(I / kPanelVectors) * panel_stride +
                              static_cast<int64_t>(I % kPanelVectors) * lanes)),
   ...);
}

// c = base + sums, or c = sums where there is no base.
template <class D, class V, size_t N, size_t... I>
HWY_INLINE void store_row(D d, const std::array<V, N>& sums, hn::TFromD<D>* c, const hn::TFromD<D>* base,
                          std::index_sequence<I...>) {
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  if (base != nullptr) {
    (hn::StoreU(hn::Add(hn::LoadU(d, base + static_cast<int64_t>(I) * lanes), sums[I]), d,
                c + static_cast<int64_t>(I) * lanes),
     ...);
  } else {
    (hn::StoreU(sums[I], d, c + static_cast<int64_t>(I) * lanes), ...);
  }
}

template <class T, int kVectors, size_t... R>
HWY_INLINE void multiply_tile_rows(const Tile<T>& tile, std::index_sequence<R...>) {
  const hn::ScalableTag<T> d;
  using Row = std::array<hn::Vec<decltype(d)>, kVectors>;
  constexpr std::make_index_sequence<kVectors> vectors;
  std::array<Row, sizeof...(R)> sums;
  ((sums[R].fill(hn::Zero(d))), ...);
  // C is asked for early, so that it is there when the sums are.
  (hwy::Prefetch(tile.c + static_cast<int64_t>(R) * tile.c_row_stride), ...);
  const T* a = tile.a;
  const T* b = tile.b;
  for (int64_t p = 0; p < tile.k; ++p) {
    Row row;
    load_panels(d, b, tile.b_panel_stride, row, vectors);
    (multiply_add_row(hn::Set(d, a[static_cast<int64_t>(R) * tile.a_row_stride]), row, sums[R], vectors), ...);
    a += tile.a_column_stride;
    b += tile.b_row_stride;
  }
  const T* base = tile.add ? tile.c : tile.bias;
  const int64_t base_row_stride = tile.add ? tile.c_row_stride : 0;
  (store_row(d, sums[R], tile.c + static_cast<int64_t>(R) * tile.c_row_stride,
             base == nullptr ? base : base + static_cast<int64_t>(R) * base_row_stride, vectors),
   ...);
}

template <class T, int kRows, int kVectors>
void multiply_tile(const Tile<T>& tile) {
  multiply_tile_rows<T, kVectors>(tile, std::make_index_sequence<kRows>());
}

template <class T>
using TileFunction = void (*)(const Tile<T>&);

// The tile functions for 1 to sizeof...(R) rows.
template <class T, int kVectors, size_t... R>
constexpr auto tile_functions(std::index_sequence<R...>) {
  return std::array<TileFunction<T>, sizeof...(R)>{&multiply_tile<T, static_cast<int>(R) + 1, kVectors>...};
}

// How many panels at once keep enough chains in flight: few rows need more columns.
HWY_INLINE int64_t panels_at_once(int64_t rows) {
  if (rows == 1) return 4;
  return rows <= 3 ? 2 : 1;
}

template <class T>
HWY_INLINE TileFunction<T> tile_function(int64_t rows, int64_t vectors) {
  static constexpr auto half = tile_functions<T, 1>(std::make_index_sequence<kTileRows>());
  static constexpr auto whole = tile_functions<T, kPanelVectors>(std::make_index_sequence<kTileRows>());
  static constexpr auto two = tile_functions<T, 2 * kPanelVectors>(std::make_index_sequence<3>());
  static constexpr auto four = tile_functions<T, 4 * kPanelVectors>(std::make_index_sequence<1>());
  const auto row = static_cast<size_t>(rows - 1);
  if (vectors == kPanelVectors) return whole[row];
  if (vectors == 1) return half[row];
  return vectors == 2 * kPanelVectors ? two[row] : four[row];
}

}  // namespace HWY_NAMESPACE
}  // namespace heed::kernels
HWY_AFTER_NAMESPACE();

#endif  // HEED_KERNELS_GEMM_TILE_INL_H_

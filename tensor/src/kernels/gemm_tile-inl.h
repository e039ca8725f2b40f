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

#include "kernels/gemm_operand-inl.h"

HWY_BEFORE_NAMESPACE();
namespace heed::kernels {
namespace HWY_NAMESPACE {

// Terms of the sums that are written out one after another.
constexpr size_t kUnroll = 4;
// Sums of so many terms leave time for C to come from far.
constexpr int64_t kLongSum = 128;

template <class T>
HWY_INLINE int64_t vector_lanes() {
  return static_cast<int64_t>(hn::Lanes(hn::ScalableTag<T>()));
}
template <class T>
HWY_INLINE int64_t panel_width() {
  return kPanelVectors * vector_lanes<T>();
}

// Arrays of vectors are made from vectors: where a target needs its attributes to make one, the constructor of
// std::array, which has none, cannot.
template <class D, size_t... I>
HWY_INLINE std::array<hn::Vec<D>, sizeof...(I)> zeros(D d, std::index_sequence<I...>) {
  return {((void)I, hn::Zero(d))...};
}

// sum += a * b, rounded once. Left a choice of instructions, g++ lets the sums wander through registers and memory when
// the loop is unrolled.
template <class V>
HWY_INLINE void multiply_add(V a, V b, V& sum) {
#if HWY_TARGET == HWY_AVX2
  if constexpr (sizeof(hn::TFromV<V>) == sizeof(float)) {
    asm("vfmadd231ps %2, %1, %0" : "+x"(sum.raw) : "x"(a.raw), "x"(b.raw));
  } else {
    asm("vfmadd231pd %2, %1, %0" : "+x"(sum.raw) : "x"(a.raw), "x"(b.raw));
  }
#else
  sum = hn::MulAdd(a, b, sum);
#endif
}

// Index sequences in place of loops keep the accumulators in registers with every compiler.
template <class V, size_t N, size_t... I>
HWY_INLINE void multiply_add_row(V a, const std::array<V, N>& b, std::array<V, N>& sums, std::index_sequence<I...>) {
  (multiply_add(a, b[I], sums[I]), ...);
}

// c = base + sums.
template <class D, class V, size_t N, size_t... I>
HWY_INLINE void add_row(D d, const std::array<V, N>& sums, hn::TFromD<D>* c, const hn::TFromD<D>* base,
                        std::index_sequence<I...>) {
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  (hn::StoreU(hn::Add(hn::LoadU(d, base + static_cast<int64_t>(I) * lanes), sums[I]), d,
              c + static_cast<int64_t>(I) * lanes),
   ...);
}

template <class D, class V, size_t N, size_t... I>
HWY_INLINE void store_row(D d, const std::array<V, N>& sums, hn::TFromD<D>* c, std::index_sequence<I...>) {
  (hn::StoreU(sums[I], d, c + static_cast<int64_t>(I * hn::Lanes(d))), ...);
}

// A row of one or more panels, `Column` rows behind b.
template <size_t Column, class D, size_t... I>
HWY_INLINE std::array<hn::Vec<D>, sizeof...(I)> load_panels(D d, const hn::TFromD<D>* b, const Steps& rows,
                                                            int64_t panel_stride, std::index_sequence<I...>) {
  return {load_at<Column, I % kPanelVectors>(d, b + static_cast<int64_t>(I / kPanelVectors) * panel_stride, rows)...};
}

// A term of each sum, `Column` from where A and B stand.
template <size_t Column, class D, class T, class Walk, class V, size_t kVectors, size_t... R>
HWY_INLINE void add_term(D d, const Tile<T>& tile, Walk& a, const T* b, const Steps& b_rows,
                         std::array<std::array<V, kVectors>, sizeof...(R)>& sums, std::index_sequence<R...>) {
  constexpr std::make_index_sequence<kVectors> vectors;
  const std::array<V, kVectors> row = load_panels<Column>(d, b, b_rows, tile.b_panel_stride, vectors);
  (multiply_add_row(a.template value<R, Column>(d), row, sums[R], vectors), ...);
  a.pass_column();
}

// C, or what it starts from, and the sums.
template <class D, class T, class V, size_t kVectors, size_t... R>
HWY_INLINE void store_tile(D d, const Tile<T>& tile, const std::array<std::array<V, kVectors>, sizeof...(R)>& sums,
                           std::index_sequence<R...>) {
  constexpr std::make_index_sequence<kVectors> vectors;
  T* c = tile.c;
  // Addresses are made here, not kept since C was asked for.
  settle(c);
  const auto row = [&](size_t r) { return c + static_cast<int64_t>(r) * tile.c_row_stride; };
  if (tile.add) {
    (add_row(d, sums[R], row(R), row(R), vectors), ...);
  } else if (tile.bias != nullptr) {
    (add_row(d, sums[R], row(R), tile.bias, vectors), ...);
  } else {
    (store_row(d, sums[R], row(R), vectors), ...);
  }
}

template <LayoutA kLayout, class T, int kVectors, size_t... R, size_t... Term>
HWY_INLINE void multiply_tile_rows(const Tile<T>& tile, std::index_sequence<R...> rows, std::index_sequence<Term...>) {
  const hn::ScalableTag<T> d;
  std::array<std::array<hn::Vec<decltype(d)>, kVectors>, sizeof...(R)> sums{
      ((void)R, zeros(d, std::make_index_sequence<kVectors>()))...};
  // C is asked for early, so that it is there when the sums are; short sums are there as soon.
  if (tile.k >= kLongSum) (hwy::Prefetch(tile.c + static_cast<int64_t>(R) * tile.c_row_stride), ...);
  WalkA<kLayout, T, sizeof...(R)> a(tile);
  const T* b = tile.b;
  const Steps b_rows(tile.b_row_stride * static_cast<int64_t>(sizeof(T)));
  for (uint64_t left = static_cast<uint64_t>(tile.k) / sizeof...(Term); left > 0; --left) {
    (add_term<Term>(d, tile, a, b, b_rows, sums, rows), ...);
    a.advance(sizeof...(Term));
    b = step_from<sizeof...(Term)>(b, b_rows);
    settle(b);
  }
  for (uint64_t left = static_cast<uint64_t>(tile.k) % sizeof...(Term); left > 0; --left) {
    add_term<0>(d, tile, a, b, b_rows, sums, rows);
    a.advance(1);
    b = step_from<1>(b, b_rows);
    settle(b);
  }
  store_tile(d, tile, sums, rows);
}

template <LayoutA kLayout, class T, int kRows, int kVectors>
void multiply_tile(const Tile<T>& given) {
  // A copy, so that what is written to C cannot be a part of it.
  const Tile<T> tile = given;
  multiply_tile_rows<kLayout, T, kVectors>(tile, std::make_index_sequence<kRows>(),
                                           std::make_index_sequence<kUnroll>());
}

template <class T>
using TileFunction = void (*)(const Tile<T>&);

// The tile functions for 1 to sizeof...(R) rows of each layout, one layout after another.
template <class T, int kVectors, size_t... R>
constexpr auto tile_functions(std::index_sequence<R...>) {
  return std::array<std::array<TileFunction<T>, sizeof...(R)>, kLayouts>{
      {{&multiply_tile<LayoutA::packed, T, static_cast<int>(R) + 1, kVectors>...},
       {&multiply_tile<LayoutA::row_major, T, static_cast<int>(R) + 1, kVectors>...},
       {&multiply_tile<LayoutA::column_major, T, static_cast<int>(R) + 1, kVectors>...},
       {&multiply_tile<LayoutA::strided, T, static_cast<int>(R) + 1, kVectors>...}}};
}

// How many panels at once keep enough chains in flight: few rows need more columns.
HWY_INLINE int64_t panels_at_once(int64_t rows) {
  if (rows == 1) return 4;
  return rows <= 3 ? 2 : 1;
}

template <class T>
HWY_INLINE TileFunction<T> tile_function(LayoutA layout, int64_t rows, int64_t vectors) {
  static constexpr auto half = tile_functions<T, 1>(std::make_index_sequence<kTileRows>());
  static constexpr auto whole = tile_functions<T, kPanelVectors>(std::make_index_sequence<kTileRows>());
  static constexpr auto two = tile_functions<T, 2 * kPanelVectors>(std::make_index_sequence<3>());
  static constexpr auto four = tile_functions<T, 4 * kPanelVectors>(std::make_index_sequence<1>());
  const auto a = static_cast<size_t>(layout), row = static_cast<size_t>(rows - 1);
  if (vectors == kPanelVectors) return whole[a][row];
  if (vectors == 1) return half[a][row];
  return vectors == 2 * kPanelVectors ? two[a][row] : four[a][row];
}

}  // namespace HWY_NAMESPACE
}  // namespace heed::kernels
HWY_AFTER_NAMESPACE();

#endif  // HEED_KERNELS_GEMM_TILE_INL_H_

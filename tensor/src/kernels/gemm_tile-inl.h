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
// Terms of the sums that are written out one after another.
constexpr size_t kUnroll = 4;

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

// Where element (i, p) of a tile's A stands. What the compiler knows of it saves instructions in the inner loop, and
// they count: a core whose other half is at work takes little more than three a cycle.
enum class LayoutA {
  packed,        // a[p * rows + i]: the tile's own rows, copied together
  row_major,     // a[i * a_row_stride + p]
  column_major,  // a[i + p * a_column_stride]
  strided        // a[i * a_row_stride + p * a_column_stride]
};
constexpr size_t kLayouts = 4;

HWY_INLINE LayoutA layout_of(int64_t row_stride, int64_t column_stride) {
  if (column_stride == 1) return LayoutA::row_major;
  return row_stride == 1 ? LayoutA::column_major : LayoutA::strided;
}

// A walk through the columns of a tile's A: the loop reads a few of them, and then the walk advances.
template <LayoutA kLayout, class T, size_t kRows>
class WalkA {
 public:
  HWY_INLINE explicit WalkA(const Tile<T>& tile)
      : row_stride_(kLayout == LayoutA::packed || kLayout == LayoutA::column_major ? 1 : tile.a_row_stride),
        column_stride_(kLayout == LayoutA::packed      ? static_cast<int64_t>(kRows)
                       : kLayout == LayoutA::row_major ? 1
                                                       : tile.a_column_stride) {
    for (size_t i = 0; i < kPointers; ++i) {
      pointers_[i] = tile.a + static_cast<int64_t>(i * kRowsPerPointer) * row_stride_;
    }
    settle();
  }

  // Row R's value, `column` from where the walk stands.
  template <size_t R>
  HWY_INLINE T value(int64_t column) const {
    const T* row = pointers_[R / kRowsPerPointer] + static_cast<int64_t>(R % kRowsPerPointer) * row_stride_;
    return row[kKnownColumns ? column * column_stride_ : 0];
  }

  // A column has been read.
  HWY_INLINE void pass_column() {
    if (!kKnownColumns) move(column_stride_);
  }
  // So many have, and the walk goes on from there.
  HWY_INLINE void advance(int64_t columns) {
    if (kKnownColumns) move(columns * column_stride_);
  }

 private:
  HWY_INLINE void move(int64_t elements) {
    for (const T*& pointer : pointers_) pointer += elements;
    settle();
  }
  // The compiler must take the pointers as they are: it would find their common origin and compute an address for each
  // row and column, more than there are registers.
  HWY_INLINE void settle() {
    for (const T*& pointer : pointers_) asm("" : "+r"(pointer));
  }

  // Whether the distance from column to column is known now, and part of an address.
  static constexpr bool kKnownColumns = kLayout == LayoutA::packed || kLayout == LayoutA::row_major;
  // An address can say one and two row strides from a pointer.
  static constexpr size_t kRowsPerPointer =
      kLayout == LayoutA::packed || kLayout == LayoutA::column_major ? kRows : size_t{3};
  static constexpr size_t kPointers = (kRows + kRowsPerPointer - 1) / kRowsPerPointer;
  std::array<const T*, kPointers> pointers_;
  int64_t row_stride_, column_stride_;
};

// The p-th term of each sum from where A and B stand.
template <class D, class T, class Walk, class V, size_t kVectors, size_t... R>
HWY_INLINE void add_term(D d, const Tile<T>& tile, Walk& a, const T* b, int64_t p,
                         std::array<std::array<V, kVectors>, sizeof...(R)>& sums, std::index_sequence<R...>) {
  constexpr std::make_index_sequence<kVectors> vectors;
  std::array<V, kVectors> row;
  load_panels(d, b + p * tile.b_row_stride, tile.b_panel_stride, row, vectors);
  (multiply_add_row(hn::Set(d, a.template value<R>(p)), row, sums[R], vectors), ...);
  a.pass_column();
}

template <LayoutA kLayout, class T, int kVectors, size_t... R, size_t... Term>
HWY_INLINE void multiply_tile_rows(const Tile<T>& tile, std::index_sequence<R...> rows, std::index_sequence<Term...>) {
  const hn::ScalableTag<T> d;
  constexpr std::make_index_sequence<kVectors> vectors;
  std::array<std::array<hn::Vec<decltype(d)>, kVectors>, sizeof...(R)> sums;
  ((sums[R].fill(hn::Zero(d))), ...);
  // C is asked for early, so that it is there when the sums are.
  (hwy::Prefetch(tile.c + static_cast<int64_t>(R) * tile.c_row_stride), ...);
  WalkA<kLayout, T, sizeof...(R)> a(tile);
  const T* b = tile.b;
  constexpr auto kTerms = static_cast<int64_t>(sizeof...(Term));
  int64_t p = 0;
  for (; p + kTerms <= tile.k; p += kTerms) {
    (add_term(d, tile, a, b, static_cast<int64_t>(Term), sums, rows), ...);
    a.advance(kTerms);
    b += kTerms * tile.b_row_stride;
  }
  for (; p < tile.k; ++p) {
    add_term(d, tile, a, b, 0, sums, rows);
    a.advance(1);
    b += tile.b_row_stride;
  }
  const T* base = tile.add ? tile.c : tile.bias;
  const int64_t base_row_stride = tile.add ? tile.c_row_stride : 0;
  (store_row(d, sums[R], tile.c + static_cast<int64_t>(R) * tile.c_row_stride,
             base == nullptr ? base : base + static_cast<int64_t>(R) * base_row_stride, vectors),
   ...);
}

template <LayoutA kLayout, class T, int kRows, int kVectors>
void multiply_tile(const Tile<T>& tile) {
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

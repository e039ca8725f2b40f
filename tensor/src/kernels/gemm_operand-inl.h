// A tile's operands in the matrix product, and how the inner loop reads them with as few instructions as there can be.
#if defined(HEED_KERNELS_GEMM_OPERAND_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef HEED_KERNELS_GEMM_OPERAND_INL_H_
#undef HEED_KERNELS_GEMM_OPERAND_INL_H_
#else
#define HEED_KERNELS_GEMM_OPERAND_INL_H_
#endif

#include <hwy/highway.h>

#include <array>
#include <cstdint>

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

// The compiler must take the value as it is, and not for what it was made of.
template <class T>
HWY_INLINE void settle(T& value) {
  asm("" : "+r"(value));
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

// A step in memory, in bytes, and the multiples of it that an address cannot say.
struct Steps {
  int64_t one, three, five;

  HWY_INLINE explicit Steps(int64_t bytes) : one(bytes), three(3 * bytes), five(5 * bytes) {
    settle(one);
    settle(three);
    settle(five);
  }
};

// x, kTimes steps further on.
template <size_t kTimes, class T>
HWY_INLINE const T* step_from(const T* x, const Steps& steps) {
  const int64_t bytes = static_cast<int64_t>(kTimes) * steps.one;
  return reinterpret_cast<const T*>(reinterpret_cast<const char*>(x) + bytes);
}

// result = what an instruction reads kTimes steps and kBytes behind x: base, index register, scale and displacement of
// one address. Left to choose, g++ keeps a register for each sum of them, more than there are, or adds them up one by
// one. The last operand orders it after stores behind x; those further on were made before the tile was called.
#if HWY_TARGET == HWY_AVX2
#define HEED_READ(instruction)          \
  asm(instruction " %c4(%1,%2,%c3), %0" \
      : "=x"(result.raw)                \
      : "r"(x),                         \
        "r"(kTimes == 3   ? steps.three \
            : kTimes == 5 ? steps.five  \
                          : steps.one), \
        "i"(kTimes % 2 == 0 ? kTimes : 1), "i"(kBytes), "m"(*reinterpret_cast<const hn::TFromD<D>(*)[1024]>(x)))
#endif

// Element kNear from there, in all lanes.
template <size_t kTimes, size_t kNear, class D>
HWY_INLINE hn::Vec<D> broadcast_at(D d, const hn::TFromD<D>* x, const Steps& steps) {
#if HWY_TARGET == HWY_AVX2
  if constexpr (kTimes > 0 && kTimes <= 5) {
    constexpr size_t kBytes = kNear * sizeof(*x);
    hn::Vec<D> result;
    if constexpr (sizeof(*x) == sizeof(float)) {
      HEED_READ("vbroadcastss");
    } else {
      HEED_READ("vbroadcastsd");
    }
    return result;
  }
#endif
  return hn::Set(d, step_from<kTimes>(x, steps)[kNear]);
}

// Vector kNear from there.
template <size_t kTimes, size_t kNear, class D>
HWY_INLINE hn::Vec<D> load_at(D d, const hn::TFromD<D>* x, const Steps& steps) {
#if HWY_TARGET == HWY_AVX2
  if constexpr (kTimes > 0 && kTimes <= 5) {
    constexpr size_t kBytes = kNear * sizeof(hn::Vec<D>);
    hn::Vec<D> result;
    HEED_READ("vmovups");
    return result;
  }
#endif
  return hn::LoadU(d, step_from<kTimes>(x, steps) + kNear * hn::Lanes(d));
}
#undef HEED_READ

// A walk through the columns of a tile's A: the loop reads a few of them, and then the walk advances.
template <LayoutA kLayout, class T, size_t kRows>
class WalkA {
 public:
  HWY_INLINE explicit WalkA(const Tile<T>& tile)
      : column_stride_(kLayout == LayoutA::packed      ? static_cast<int64_t>(kRows)
                       : kLayout == LayoutA::row_major ? 1
                                                       : tile.a_column_stride),
        steps_((kLayout == LayoutA::column_major ? tile.a_column_stride : tile.a_row_stride) *
               static_cast<int64_t>(sizeof(T))) {
    for (size_t i = 0; i < kPointers; ++i) {
      pointers_[i] = tile.a + static_cast<int64_t>(i * kRowsPerPointer) * tile.a_row_stride;
      settle(pointers_[i]);
    }
  }

  // The value of row R, `Column` from where the walk stands, in all lanes.
  template <size_t R, size_t Column, class D>
  HWY_INLINE hn::Vec<D> value(D d) const {
    if constexpr (kLayout == LayoutA::packed) return broadcast_at<0, Column * kRows + R>(d, pointers_[0], steps_);
    if constexpr (kLayout == LayoutA::column_major) return broadcast_at<Column, R>(d, pointers_[0], steps_);
    constexpr size_t kNear = kLayout == LayoutA::row_major ? Column : 0;
    return broadcast_at<R % kRowsPerPointer, kNear>(d, pointers_[R / kRowsPerPointer], steps_);
  }

  // A column has been read.
  HWY_INLINE void pass_column() {
    if (kLayout == LayoutA::strided) move(column_stride_);
  }
  // So many have, and the walk goes on from there.
  HWY_INLINE void advance(int64_t columns) {
    if (kLayout != LayoutA::strided) move(columns * column_stride_);
  }

 private:
  HWY_INLINE void move(int64_t elements) {
    for (const T*& pointer : pointers_) {
      pointer += elements;
      settle(pointer);
    }
  }

  // An address can say one and two row strides from a pointer; three and five in a register of their own.
  static constexpr size_t kRowsPerPointer =
      kLayout == LayoutA::packed || kLayout == LayoutA::column_major ? kRows : size_t{HWY_TARGET == HWY_AVX2 ? 6 : 3};
  static constexpr size_t kPointers = (kRows + kRowsPerPointer - 1) / kRowsPerPointer;
  std::array<const T*, kPointers> pointers_;
  int64_t column_stride_;
  Steps steps_;
};

}  // namespace HWY_NAMESPACE
}  // namespace heed::kernels
HWY_AFTER_NAMESPACE();

#endif  // HEED_KERNELS_GEMM_OPERAND_INL_H_

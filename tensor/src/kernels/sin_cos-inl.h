// sin and cos of one vector of float32 or float64, for any Highway target: reduction to |r| <= pi / 4 in three or four
// exact parts of pi / 2 (Cody and Waite 1980), Taylor's series, and the C library for the few arguments too large for
// that.
#if defined(HEED_KERNELS_SIN_COS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef HEED_KERNELS_SIN_COS_INL_H_
#undef HEED_KERNELS_SIN_COS_INL_H_
#else
#define HEED_KERNELS_SIN_COS_INL_H_
#endif

#include <hwy/highway.h>

#include <cmath>

#include "kernels/vector_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace heed::kernels {
namespace HWY_NAMESPACE {

// r = x - n pi / 2 for |x| below kSinCosLimit. Each product but the last is exact: its part of pi / 2 has few bits, n <
// 2^13 (float32) or n < 2^20 (float64). The float64 parts are those of fdlibm, e_rem_pio2.c.
template <class D>
constexpr double kSinCosLimit = kIsFloat32<D> ? 8192 : 1e6;

template <class D>
HWY_INLINE hn::Vec<D> reduce_by_half_pi(D d, hn::Vec<D> n, hn::Vec<D> x) {
  constexpr bool kF32 = kIsFloat32<D>;
  constexpr double kParts[4] = {kF32 ? 0x1.92p0 : 0x1.921fb544p0, kF32 ? 0x1.fb4p-12 : 0x1.0b4611a6p-34,
                                kF32 ? 0x1.444p-24 : 0x1.3198a2ep-69,
                                kF32 ? 0x1.68c234c4c6629p-39 : 0x1.b839a252049c1p-104};
  auto r = x;
  for (const double part : kParts) r = hn::NegMulAdd(n, constant(d, part), r);
  return r;
}

// sin(x) for quarter 0, cos(x) for quarter 1.
template <class D>
HWY_INLINE hn::Vec<D> sin_from_quarter(D d, hn::Vec<D> x, int quarter) {
  using Bits = hn::RebindToUnsigned<D>;
  using Word = hn::TFromD<Bits>;
  constexpr bool kF32 = kIsFloat32<D>;
  const Bits bits;
  const auto moved = hn::MulAdd(x, constant(d, 0.63661977236758134308), rounder(d));
  const auto r = reduce_by_half_pi(d, hn::Sub(moved, rounder(d)), x);
  const auto turns = hn::Add(hn::BitCast(bits, moved), hn::Set(bits, static_cast<Word>(quarter)));
  const auto one_bit = hn::Set(bits, Word{1});
  const auto is_cos = hn::RebindMask(d, hn::Eq(hn::And(turns, one_bit), one_bit));
  const auto sign = hn::ShiftLeft<sizeof(Word) * 8 - 2>(hn::And(turns, hn::Set(bits, Word{2})));

  const auto z = hn::Mul(r, r);
  hn::Vec<D> s, c;
  if constexpr (kF32) {
    s = polynomial(d, z, -1. / 6, 1. / 120, -1. / 5040, 1. / 362880);
    c = polynomial(d, z, 1. / 24, -1. / 720, 1. / 40320, -1. / 3628800);
  } else {
    s = polynomial(d, z, -1. / 6, 1. / 120, -1. / 5040, 1. / 362880, -1. / 39916800, 1. / 6227020800,
                   -1. / 1307674368000, 1. / 355687428096000);
    c = polynomial(d, z, 1. / 24, -1. / 720, 1. / 40320, -1. / 3628800, 1. / 479001600, -1. / 87178291200,
                   1. / 20922789888000);
  }
  const auto sine = hn::MulAdd(hn::Mul(r, z), s, r);
  // 1 - z / 2 with the rounding of that difference put back.
  const auto half = hn::Mul(z, constant(d, 0.5));
  const auto head = hn::Sub(constant(d, 1), half);
  const auto lost = hn::Sub(hn::Sub(constant(d, 1), head), half);
  const auto cosine = hn::Add(head, hn::MulAdd(hn::Mul(z, z), c, lost));
  return hn::BitCast(d, hn::Xor(hn::BitCast(bits, hn::IfThenElse(is_cos, cosine, sine)), sign));
}

// Lanes beyond the limit (and NaN) by the C library, one by one, so that no lane depends on its neighbours.
template <class D>
HWY_NOINLINE hn::Vec<D> replace_large(D d, hn::Vec<D> x, hn::Vec<D> result, hn::TFromD<D> (*function)(hn::TFromD<D>)) {
  using T = hn::TFromD<D>;
  HWY_ALIGN T in[hn::MaxLanes(D())];
  HWY_ALIGN T out[hn::MaxLanes(D())];
  hn::Store(x, d, in);
  hn::Store(result, d, out);
  for (size_t i = 0; i < hn::Lanes(d); ++i) {
    if (!(std::abs(in[i]) < static_cast<T>(kSinCosLimit<D>))) out[i] = function(in[i]);
  }
  return hn::Load(d, out);
}

template <class D>
HWY_INLINE hn::Vec<D> sin(D d, hn::Vec<D> x) {
  const auto near = hn::Lt(hn::Abs(x), constant(d, kSinCosLimit<D>));
  const auto zero = hn::Eq(x, hn::Zero(d));
  const auto result = hn::IfThenElse(zero, x, sin_from_quarter(d, x, 0));
  if (HWY_LIKELY(hn::AllTrue(d, near))) return result;
  return replace_large(d, x, result, &std::sin);
}

template <class D>
HWY_INLINE hn::Vec<D> cos(D d, hn::Vec<D> x) {
  const auto near = hn::Lt(hn::Abs(x), constant(d, kSinCosLimit<D>));
  const auto result = sin_from_quarter(d, x, 1);
  if (HWY_LIKELY(hn::AllTrue(d, near))) return result;
  return replace_large(d, x, result, &std::cos);
}

}  // namespace HWY_NAMESPACE
}  // namespace heed::kernels
HWY_AFTER_NAMESPACE();

#endif  // HEED_KERNELS_SIN_COS_INL_H_

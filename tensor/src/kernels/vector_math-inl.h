// exp, log, tanh, sigmoid, erf, sin, cos and their like on one vector of float32 or float64, for any Highway target.
// Lane by lane: the bits of a result depend on its own argument alone. NaN gives NaN. Error bounds are in the tests.
#if defined(HEED_KERNELS_VECTOR_MATH_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef HEED_KERNELS_VECTOR_MATH_INL_H_
#undef HEED_KERNELS_VECTOR_MATH_INL_H_
#else
#define HEED_KERNELS_VECTOR_MATH_INL_H_
#endif

#include <hwy/highway.h>

#include <cmath>
#include <limits>

HWY_BEFORE_NAMESPACE();
namespace heed::kernels {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

template <class D>
constexpr bool kIsFloat32 = sizeof(hn::TFromD<D>) == 4;

template <class D>
HWY_INLINE hn::Vec<D> constant(D d, double value) {
  return hn::Set(d, static_cast<hn::TFromD<D>>(value));
}

// c0 + x (c1 + x (c2 + ...))
template <class D>
HWY_INLINE hn::Vec<D> polynomial(D d, hn::Vec<D>, double c) {
  return constant(d, c);
}
template <class D, class... Rest>
HWY_INLINE hn::Vec<D> polynomial(D d, hn::Vec<D> x, double c, Rest... rest) {
  return hn::MulAdd(polynomial(d, x, rest...), x, constant(d, c));
}

// Limits that let NaN through. Min and Max do not promise that, but x86's give their second operand for a NaN.
#if HWY_ARCH_X86 && HWY_TARGET != HWY_SCALAR
template <class D>
HWY_INLINE hn::Vec<D> at_least(D d, hn::Vec<D> x, double low) {
  return hn::Max(constant(d, low), x);
}
template <class D>
HWY_INLINE hn::Vec<D> at_most(D d, hn::Vec<D> x, double high) {
  return hn::Min(constant(d, high), x);
}
#else
template <class D>
HWY_INLINE hn::Vec<D> at_least(D d, hn::Vec<D> x, double low) {
  const auto bound = constant(d, low);
  return hn::IfThenElse(hn::Lt(x, bound), bound, x);
}
template <class D>
HWY_INLINE hn::Vec<D> at_most(D d, hn::Vec<D> x, double high) {
  const auto bound = constant(d, high);
  return hn::IfThenElse(hn::Gt(x, bound), bound, x);
}
#endif

// power (c0 + c1 f x + c2 (f x)^2 + ...): for powers of two, the bits of power times the polynomial of f x.
template <class D>
HWY_INLINE hn::Vec<D> scaled_polynomial(D d, hn::Vec<D>, double, double power, double c) {
  return constant(d, power * c);
}
template <class D, class... Rest>
HWY_INLINE hn::Vec<D> scaled_polynomial(D d, hn::Vec<D> x, double factor, double power, double c, Rest... rest) {
  return hn::MulAdd(scaled_polynomial(d, x, factor, factor * power, rest...), x, constant(d, power * c));
}

// Adding 1.5 * 2^(mantissa bits) rounds to the nearest integer and leaves that integer in the low bits.
template <class D>
HWY_INLINE hn::Vec<D> rounder(D d) {
  return constant(d, kIsFloat32<D> ? 0x1.8p23 : 0x1.8p52);
}
// The same with the exponents' bias: what is left in the low bits is the exponent field of 2^(n + shift).
template <class D>
HWY_INLINE hn::Vec<D> biased_rounder(D d, double shift = 0) {
  return constant(d, (kIsFloat32<D> ? 0x1.8p23 + 127 : 0x1.8p52 + 1023) + shift);
}

// 2^n for an integral n held as biased_rounder + n, n within the exponents of normal numbers.
template <class D>
HWY_INLINE hn::Vec<D> power_of_two(D d, hn::Vec<D> biased_n) {
  return hn::BitCast(d, hn::ShiftLeft < kIsFloat32<D> ? 23 : 52 > (hn::BitCast(hn::RebindToUnsigned<D>(), biased_n)));
}

// exp(f x) 2^shift = scale exp(f r) = scale (1 + f r + r^2 q), f one of -1, 1 and 2: x = n ln(2) / f + r,
// |f r| <= ln(2) / 2, scale = 2^(n + shift).
template <class D>
struct ExpReduction {
  hn::Vec<D> n, scale, r, q;
};
// kNear: |n| < 30, and but for n = 0 the last bits of the result do not matter. That is a step less in float32.
template <int kFactor, bool kNear = false, class D>
HWY_INLINE ExpReduction<D> reduce_exp(D d, hn::Vec<D> x, double shift = 0) {
  constexpr bool kF32 = kIsFloat32<D>;
  constexpr int kSquare = kFactor * kFactor;
  const auto rounder = biased_rounder(d, shift);
  const auto biased_n = hn::MulAdd(x, constant(d, kFactor * 1.44269504088896340736), rounder);
  const auto n = hn::Sub(biased_n, rounder);
  hn::Vec<D> r, q;
  if constexpr (kF32 && kNear) {
    r = hn::NegMulAdd(n, constant(d, 0.69314718055994530942 / kFactor), x);
  } else {
    // Both splits of ln 2 are those of fdlibm, e_exp.c and FreeBSD's e_expf.c: the high part has zeros enough for n
    // times it to be exact.
    r = hn::NegMulAdd(n, constant(d, (kF32 ? 0x1.62e4p-1 : 0x1.62e42feep-1) / kFactor), x);
    r = hn::NegMulAdd(n, constant(d, (kF32 ? 0x1.7f7d1cp-20 : 0x1.a39ef35793c76p-33) / kFactor), r);
  }
  // float32: a minimax fit made for this file, off by at most 2^-28 of exp. float64: Taylor's series, whose first term
  // left out is below 2^-57.
  if constexpr (kF32) {
    q = scaled_polynomial(d, r, kFactor, kSquare, 0.49999993447785346, 0.1666652063166833, 0.041668388047374556,
                          0.008368716884957664, 0.0013814598567189196);
  } else {
    q = scaled_polynomial(d, r, kFactor, kSquare, 1. / 2, 1. / 6, 1. / 24, 1. / 120, 1. / 720, 1. / 5040, 1. / 40320,
                          1. / 362880, 1. / 3628800, 1. / 39916800, 1. / 479001600, 1. / 6227020800);
  }
  return {n, power_of_two(d, biased_n), r, q};
}

// Magnitudes below which exponentials are normal numbers. There exp is exp_normal, to the bit and whatever stands in
// the other lanes: code with several of them asks once, and has no branches between.
template <class D>
constexpr double kNormalExp = kIsFloat32<D> ? 87 : 708;

template <class D>
HWY_INLINE hn::Vec<D> exp_normal(D d, hn::Vec<D> x) {
  const auto e = reduce_exp<1>(d, x);
  return hn::MulAdd(e.scale, hn::MulAdd(hn::Mul(e.r, e.r), e.q, e.r), e.scale);
}

// exp of anything.
template <class D>
HWY_NOINLINE hn::Vec<D> exp_rare(D d, hn::Vec<D> x) {
  // Beyond these limits the result is 0 or infinite all the same.
  x = at_most(d, at_least(d, x, kIsFloat32<D> ? -104 : -746), kIsFloat32<D> ? 89 : 710);
  const auto [n, scale, r, q] = reduce_exp<1>(d, x);
  const auto exp_minus_1 = hn::MulAdd(hn::Mul(r, r), q, r);
  // 2^n in two factors, so that denormal results are rounded once and the largest do not overflow early.
  const auto biased_half = hn::MulAdd(n, constant(d, 0.5), biased_rounder(d));
  const auto rest = hn::Sub(n, hn::Sub(biased_half, biased_rounder(d)));
  const auto scaled = hn::Mul(hn::Add(exp_minus_1, constant(d, 1)), power_of_two(d, biased_half));
  return hn::Mul(scaled, power_of_two(d, hn::Add(rest, biased_rounder(d))));
}

template <class D>
HWY_INLINE hn::Vec<D> exp(D d, hn::Vec<D> x) {
  const auto normal = hn::Lt(hn::Abs(x), constant(d, kNormalExp<D>));
  const auto result = exp_normal(d, x);
  return HWY_LIKELY(hn::AllTrue(d, normal)) ? result : hn::IfThenElse(normal, result, exp_rare(d, x));
}

// 1 / (1 + exp(-x)), numerator and denominator times a small number: so the latter is finite wherever the result is not
// 0, and arguments need no telling apart.
template <class D>
HWY_INLINE hn::Vec<D> sigmoid(D d, hn::Vec<D> x) {
  constexpr int kShift = kIsFloat32<D> ? -30 : -100;
  const auto small = constant(d, kIsFloat32<D> ? 0x1p-30 : 0x1p-100);
  // Beyond these limits the result is 0 or 1 all the same.
  x = at_most(d, at_least(d, x, kIsFloat32<D> ? -104 : -746), 40);
  const auto e = reduce_exp<-1>(d, x, kShift);
  const auto slope = hn::MulAdd(e.q, e.r, constant(d, -1));
  return hn::Div(small, hn::MulAdd(hn::Mul(e.scale, e.r), slope, hn::Add(e.scale, small)));
}

// v / (v + 1) with v = (exp(2 |x|) - 1) / 2, taken without cancellation. Gradients need how far a result near 1 is from
// it, 1 / (v + 1): an error of v counts no more than its share there, and v + 1 is exact unless v lies within 1 below a
// power of two; then it adds a unit in the last place of the result.
template <class D>
HWY_INLINE hn::Vec<D> tanh(D d, hn::Vec<D> x) {
  // From here on tanh rounds to 1.
  const auto magnitude = at_most(d, hn::Abs(x), kIsFloat32<D> ? 10 : 20);
  const auto e = reduce_exp<2, true>(d, magnitude, -1);
  const auto exp_minus_1 = hn::MulAdd(hn::Mul(e.r, e.r), e.q, hn::Add(e.r, e.r));
  const auto v = hn::MulAdd(e.scale, exp_minus_1, hn::Sub(e.scale, constant(d, 0.5)));
  return hn::CopySignToAbs(hn::Div(v, hn::Add(v, constant(d, 1))), x);
}

// log of a normal positive finite x times 2^(-shift): fdlibm, e_log.c (float32: FreeBSD, e_logf.c). x = 2^k (1 + f),
// s = f / (2 + f), log(1 + f) = f - f^2 / 2 + s (f^2 / 2 + R(s^2)).
template <class D>
HWY_INLINE hn::Vec<D> log_normal(D d, hn::Vec<D> x, hn::Vec<D> shift) {
  using Bits = hn::RebindToUnsigned<D>;
  using Word = hn::TFromD<Bits>;
  constexpr bool kF32 = kIsFloat32<D>;
  constexpr int kMantissa = kF32 ? 23 : 52;
  constexpr Word kRootHalf = static_cast<Word>(kF32 ? 0x3f3504f3u : 0x3fe6a09e667f3bcdu);
  constexpr Word kOne = static_cast<Word>(kF32 ? 0x3f800000u : 0x3ff0000000000000u);
  const Bits bits;
  const auto moved = hn::Add(hn::BitCast(bits, x), hn::Set(bits, kOne - kRootHalf));
  // The exponent as a number: placed in the low bits of 2^mantissa, which is then taken away.
  const double big = kF32 ? 0x1p23 : 0x1p52;
  const auto biased = hn::Or(hn::ShiftRight<kMantissa>(moved), hn::BitCast(bits, constant(d, big)));
  const auto k = hn::Sub(hn::Sub(hn::BitCast(d, biased), constant(d, big + (kF32 ? 127 : 1023))), shift);
  const auto fraction = hn::And(moved, hn::Set(bits, (Word{1} << kMantissa) - 1));
  const auto f = hn::Sub(hn::BitCast(d, hn::Add(fraction, hn::Set(bits, kRootHalf))), constant(d, 1));

  const auto s = hn::Div(f, hn::Add(f, constant(d, 2)));
  const auto z = hn::Mul(s, s);
  hn::Vec<D> R;
  if constexpr (kF32) {
    R = polynomial(d, z, 0xaaaaaa.0p-24, 0xccce13.0p-25, 0x91e9ee.0p-25, 0xf89e26.0p-26);
  } else {
    R = polynomial(d, z, 6.666666666666735130e-01, 3.999999999940941908e-01, 2.857142874366239149e-01,
                   2.222219843214978396e-01, 1.818357216161805012e-01, 1.531383769920937332e-01,
                   1.479819860511658591e-01);
  }
  const auto half_square = hn::Mul(hn::Mul(f, f), constant(d, 0.5));
  const auto tail = hn::Mul(k, constant(d, kF32 ? 0x1.2fefa39ef3579p-17 : 0x1.a39ef35793c76p-33));
  const auto small = hn::Sub(hn::MulAdd(s, hn::MulAdd(z, R, half_square), tail), half_square);
  return hn::MulAdd(k, constant(d, kF32 ? 0x1.62e3p-1 : 0x1.62e42feep-1), hn::Add(small, f));
}

template <class D>
HWY_INLINE hn::Vec<D> log(D d, hn::Vec<D> x) {
  using T = hn::TFromD<D>;
  constexpr T kInfinity = std::numeric_limits<T>::infinity();
  const auto tiny = hn::Lt(x, hn::Set(d, std::numeric_limits<T>::min()));
  const auto normal = hn::IfThenElse(tiny, hn::Mul(x, constant(d, 0x1p54)), x);
  auto result = log_normal(d, normal, hn::IfThenElseZero(tiny, constant(d, 54)));
  result = hn::IfThenElse(hn::Eq(x, hn::Set(d, kInfinity)), x, result);
  result = hn::IfThenElse(hn::Eq(x, hn::Zero(d)), hn::Set(d, -kInfinity), result);
  const auto valid = hn::Ge(x, hn::Zero(d));
  return hn::IfThenElse(valid, result, hn::Set(d, std::numeric_limits<T>::quiet_NaN()));
}

// log(1 + exp(x)), x itself above 20 (PyTorch's softplus with beta 1 and threshold 20).
template <class D>
HWY_INLINE hn::Vec<D> softplus(D d, hn::Vec<D> x) {
  const auto one = constant(d, 1);
  const auto e = exp(d, hn::Neg(hn::Abs(x)));
  // log(1 + e) for 0 <= e <= 1, with what the sum loses put back to first order.
  const auto sum = hn::Add(one, e);
  const auto lost = hn::Div(hn::Sub(e, hn::Sub(sum, one)), sum);
  const auto log_sum = hn::Add(log_normal(d, sum, hn::Zero(d)), lost);
  const auto result = hn::Add(at_least(d, x, 0), log_sum);
  return hn::IfThenElse(hn::Gt(x, constant(d, 20)), x, hn::IfThenElse(hn::Eq(x, x), result, x));
}

// Below 1: x + x P(x^2). Above: 1 - exp(-Q(|x| - 1)), Q fitting -log(erfc). P and Q are minimax fits made for this file
// by Remez exchange in 60-digit arithmetic, Q weighted by erfc / erf.
template <class D>
HWY_INLINE hn::Vec<D> erf(D d, hn::Vec<D> x) {
  constexpr bool kF32 = kIsFloat32<D>;
  const auto one = constant(d, 1);
  // From here on erf rounds to 1.
  const auto magnitude = at_most(d, hn::Abs(x), kF32 ? 4 : 6);
  const auto square = hn::Mul(magnitude, magnitude);
  const auto beyond = hn::Sub(magnitude, one);
  hn::Vec<D> p, q;
  if constexpr (kF32) {
    p = polynomial(d, square, 0.12837916572672636, -0.37612625823181534, 0.11283585127489168, -0.026853810905732085,
                   0.0051883256211327855, -0.0008010175131603448, 7.853799993446891e-05);
    q = polynomial(d, beyond, 1.849605515657423, 2.6389668798487755, 0.8431176071523584, 0.04150349507512165,
                   -0.009895447003644819, 0.0018293663573743272, -0.00018637318663890617);
  } else {
    p = polynomial(d, square, 0.12837916709551259, -0.37612638903183748, 0.11283791670954857, -0.026866170645072889,
                   0.0052239776247808125, -0.00085483269787387797, 0.00012055331036760757, -1.4925593503231558e-05,
                   1.6460972753757533e-06, -1.6350024510684166e-07, 1.4657874823337688e-08, -1.1365645836201214e-09,
                   5.9452267147287039e-11);
    q = polynomial(d, beyond, 1.8496055099332482, 2.6389675142347886, 0.84310725635865913, 0.041561098042180895,
                   -0.010033825378444088, 0.0019779025939400184, -0.00023732259026038776, -2.6277563767796314e-05,
                   2.7158479788314516e-05, -9.6079655777900803e-06, 2.0587510132463576e-06, -1.4204452059499621e-07,
                   -9.8051541389580574e-08, 5.2264453073237029e-08, -1.4985630235645787e-08, 2.8811954178461518e-09,
                   -3.7089830892230102e-10, 2.9060509451051983e-11, -1.0493256028862779e-12);
  }
  const auto below_one = hn::MulAdd(magnitude, p, magnitude);
  const auto above_one = hn::Sub(one, exp(d, hn::Neg(q)));
  return hn::CopySign(hn::IfThenElse(hn::Lt(magnitude, one), below_one, above_one), x);
}

// x weight, for weights that are 0 from x = -1000 down: also at -inf, where inf times 0 would be NaN.
template <class D>
HWY_INLINE hn::Vec<D> weighted(D d, hn::Vec<D> x, hn::Vec<D> weight) {
  return hn::Mul(at_least(d, x, -1000), weight);
}

// 0.5 x (1 + erf(x / sqrt 2)) (Hendrycks and Gimpel 2016).
template <class D>
HWY_INLINE hn::Vec<D> gelu(D d, hn::Vec<D> x) {
  const auto inner = erf(d, hn::Mul(x, constant(d, 0.70710678118654752440)));
  return hn::Mul(weighted(d, x, constant(d, 0.5)), hn::Add(constant(d, 1), inner));
}

// x sigmoid(2 u) = 0.5 x (1 + tanh(u)), u = sqrt(2 / pi) (x + 0.044715 x^3).
template <class D>
HWY_INLINE hn::Vec<D> gelu_tanh(D d, hn::Vec<D> x) {
  const auto cubic = hn::MulAdd(hn::Mul(hn::Mul(x, x), x), constant(d, 0.044715), x);
  return weighted(d, x, sigmoid(d, hn::Mul(cubic, constant(d, 2 * 0.79788456080286535588))));
}

}  // namespace HWY_NAMESPACE
}  // namespace heed::kernels
HWY_AFTER_NAMESPACE();

#endif  // HEED_KERNELS_VECTOR_MATH_INL_H_

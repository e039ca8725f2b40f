// expm1 and log1p on one vector of float32 or float64: exp and log that lose nothing where the argument is small.
#if defined(HEED_KERNELS_EXPM1_LOG1P_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef HEED_KERNELS_EXPM1_LOG1P_INL_H_
#undef HEED_KERNELS_EXPM1_LOG1P_INL_H_
#else
#define HEED_KERNELS_EXPM1_LOG1P_INL_H_
#endif

#include <hwy/highway.h>

#include <limits>

#include "kernels/vector_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace heed::kernels {
namespace HWY_NAMESPACE {

// exp(x) - 1: scale (1 + p) - 1 = scale p + (scale - 1), and p itself near 0.
template <class D>
HWY_INLINE hn::Vec<D> expm1(D d, hn::Vec<D> x) {
  const auto large = hn::Ge(x, constant(d, kNormalExp<D>));
  // Below the limit the result is -1 all the same; above it the 1 is nothing.
  const auto e = reduce_exp<1>(d, at_most(d, at_least(d, x, -kNormalExp<D>), kNormalExp<D>));
  const auto p = hn::MulAdd(hn::Mul(e.r, e.r), e.q, e.r);
  auto result = hn::MulAdd(e.scale, p, hn::Sub(e.scale, constant(d, 1)));
  if (HWY_UNLIKELY(!hn::AllFalse(d, large))) {
    result = hn::IfThenElse(large, exp_rare(d, x), result);
  }
  return hn::CopySign(result, x);
}

// log(1 + x): log of the rounded sum, with what the rounding took put back to first order.
template <class D>
HWY_INLINE hn::Vec<D> log1p(D d, hn::Vec<D> x) {
  using T = hn::TFromD<D>;
  constexpr T kInfinity = std::numeric_limits<T>::infinity();
  const auto one = constant(d, 1);
  const auto sum = hn::Add(one, x);
  const auto lost = hn::Div(hn::Sub(x, hn::Sub(sum, one)), sum);
  auto result = hn::CopySign(hn::Add(log_normal(d, sum, hn::Zero(d)), lost), x);
  result = hn::IfThenElse(hn::Eq(x, hn::Set(d, kInfinity)), x, result);
  result = hn::IfThenElse(hn::Eq(sum, hn::Zero(d)), hn::Set(d, -kInfinity), result);
  const auto valid = hn::Ge(sum, hn::Zero(d));
  return hn::IfThenElse(valid, result, hn::Set(d, std::numeric_limits<T>::quiet_NaN()));
}

}  // namespace HWY_NAMESPACE
}  // namespace heed::kernels
HWY_AFTER_NAMESPACE();

#endif  // HEED_KERNELS_EXPM1_LOG1P_INL_H_

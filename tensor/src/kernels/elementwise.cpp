// The element-wise functions and their table per SIMD target. A new function is a member of ElementwiseKernels and a
// line in the table.
#include "kernels/elementwise.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/elementwise.cpp"
#include <hwy/foreach_target.h>
//
#include "kernels/elementwise_rows-inl.h"
#include "kernels/expm1_log1p-inl.h"
#include "kernels/simd_dispatch.h"
#include "kernels/sin_cos-inl.h"
#include "kernels/vector_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace heed::kernels {
namespace HWY_NAMESPACE {

struct ExpNormal {
  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D d, hn::Vec<D> x) const {
    return exp_normal(d, x);
  }
};
struct Exp {
  using Usual = ExpNormal;
  template <class D>
  static HWY_INLINE bool are_usual(D d, hn::Vec<D> x0, hn::Vec<D> x1, hn::Vec<D> x2, hn::Vec<D> x3) {
    // A sum of squares below the limit's square takes each below it, and NaN is below nothing.
    const auto squares = hn::MulAdd(x3, x3, hn::MulAdd(x2, x2, hn::MulAdd(x1, x1, hn::Mul(x0, x0))));
    return hn::AllTrue(d, hn::Lt(squares, constant(d, kNormalExp<D> * kNormalExp<D>)));
  }
  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D d, hn::Vec<D> x) const {
    return HWY_NAMESPACE::exp(d, x);
  }
};
// The C library's pow, but for squares, the one common exponent, which are exact to the last bit.
template <class T>
void pow_row(const T* x, int64_t x_stride, const T* y, int64_t y_stride, T* z, int64_t n) {
  for (int64_t i = 0; i < n; ++i) {
    const T base = x[i * x_stride];
    const T exponent = y[i * y_stride];
    z[i] = exponent == T{2} ? base * base : std::pow(base, exponent);
  }
}

template <class T>
void axpy_row(T alpha, const T* x, T* y, int64_t n) {
  const hn::ScalableTag<T> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const auto factor = hn::Set(d, alpha);
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    hn::StoreU(hn::MulAdd(factor, hn::LoadU(d, x + i), hn::LoadU(d, y + i)), d, y + i);
  }
  if (i >= n) return;
  const auto sum = hn::MulAdd(factor, load_tail(d, x + i, n - i), load_tail(d, y + i, n - i));
  store_tail(d, sum, y + i, n - i);
}

template <class T>
void scale_row(T alpha, const T* x, T* y, int64_t n) {
  const auto multiply = [](auto, auto factor, auto value) HWY_ATTR { return hn::Mul(factor, value); };
  if (n > 0) binary_contiguous<decltype(multiply), false, true>(&alpha, x, y, n);
}

template <class Op>
constexpr Unary unary(Op) {
  return {.f32 = &unary_row<Op, float>, .f64 = &unary_row<Op, double>};
}
template <class Op>
constexpr Binary binary(Op) {
  return {.f32 = &binary_row<Op, float>, .f64 = &binary_row<Op, double>};
}

const ElementwiseKernels& elementwise_table() {
  static constexpr ElementwiseKernels table = {
      .neg = unary([](auto, auto x) HWY_ATTR { return hn::Neg(x); }),
      .abs = unary([](auto, auto x) HWY_ATTR { return hn::Abs(x); }),
      .sqrt = unary([](auto, auto x) HWY_ATTR { return hn::Sqrt(x); }),
      .exp = unary(Exp()),
      .expm1 = unary([](auto d, auto x) HWY_ATTR { return HWY_NAMESPACE::expm1(d, x); }),
      .log = unary([](auto d, auto x) HWY_ATTR { return HWY_NAMESPACE::log(d, x); }),
      .log1p = unary([](auto d, auto x) HWY_ATTR { return HWY_NAMESPACE::log1p(d, x); }),
      .tanh = unary([](auto d, auto x) HWY_ATTR { return HWY_NAMESPACE::tanh(d, x); }),
      .sigmoid = unary([](auto d, auto x) HWY_ATTR { return sigmoid(d, x); }),
      .erf = unary([](auto d, auto x) HWY_ATTR { return HWY_NAMESPACE::erf(d, x); }),
      .sin = unary([](auto d, auto x) HWY_ATTR { return HWY_NAMESPACE::sin(d, x); }),
      .cos = unary([](auto d, auto x) HWY_ATTR { return HWY_NAMESPACE::cos(d, x); }),
      .relu = unary([](auto d, auto x) HWY_ATTR { return at_least(d, x, 0); }),
      .gelu = unary([](auto d, auto x) HWY_ATTR { return gelu(d, x); }),
      .gelu_tanh = unary([](auto d, auto x) HWY_ATTR { return gelu_tanh(d, x); }),
      .silu = unary([](auto d, auto x) HWY_ATTR { return weighted(d, x, sigmoid(d, x)); }),
      .softplus = unary([](auto d, auto x) HWY_ATTR { return softplus(d, x); }),
      .add = binary([](auto, auto x, auto y) HWY_ATTR { return hn::Add(x, y); }),
      .sub = binary([](auto, auto x, auto y) HWY_ATTR { return hn::Sub(x, y); }),
      .mul = binary([](auto, auto x, auto y) HWY_ATTR { return hn::Mul(x, y); }),
      .div = binary([](auto, auto x, auto y) HWY_ATTR { return hn::Div(x, y); }),
      .pow = {.f32 = &pow_row<float>, .f64 = &pow_row<double>},
      .maximum = binary([](auto, auto x, auto y)
                            HWY_ATTR { return hn::IfThenElse(hn::Or(hn::Gt(x, y), hn::IsNaN(x)), x, y); }),
      .minimum = binary([](auto, auto x, auto y)
                            HWY_ATTR { return hn::IfThenElse(hn::Or(hn::Lt(x, y), hn::IsNaN(x)), x, y); }),
      .leaky_relu = binary([](auto d, auto x, auto slope)
                               HWY_ATTR { return hn::IfThenElse(hn::Gt(x, hn::Zero(d)), x, hn::Mul(x, slope)); }),
      .elu = binary([](auto d, auto x, auto alpha) HWY_ATTR {
        return hn::IfThenElse(hn::Gt(x, hn::Zero(d)), x, hn::Mul(alpha, HWY_NAMESPACE::expm1(d, at_most(d, x, 0))));
      }),
      .tanh_backward = binary([](auto d, auto output, auto gradient) HWY_ATTR {
        return hn::Mul(gradient, hn::NegMulAdd(output, output, constant(d, 1)));
      }),
      .sigmoid_backward = binary([](auto d, auto output, auto gradient) HWY_ATTR {
        return hn::Mul(hn::Mul(gradient, output), hn::Sub(constant(d, 1), output));
      }),
      .relu_backward = binary([](auto d, auto output, auto gradient)
                                  HWY_ATTR { return hn::IfThenZeroElse(hn::Le(output, hn::Zero(d)), gradient); }),
      .axpy = {.f32 = &axpy_row<float>, .f64 = &axpy_row<double>},
      .scale = {.f32 = &scale_row<float>, .f64 = &scale_row<double>},
  };
  return table;
}

}  // namespace HWY_NAMESPACE
}  // namespace heed::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace heed::kernels {

HEED_SIMD_EXPORT(elementwise_table);

const ElementwiseKernels& elementwise() { return HEED_SIMD_SELECT(elementwise_table)(); }

}  // namespace heed::kernels
#endif

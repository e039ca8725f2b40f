// The element-wise functions, one functor each, and their table per SIMD target.
// A new function is a functor, a member of ElementwiseKernels and a line in the table.
#include "kernels/elementwise.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/elementwise.cpp"
#include <hwy/foreach_target.h>
//
#include "kernels/elementwise_rows-inl.h"
#include "kernels/simd_dispatch.h"
#include "kernels/sin_cos-inl.h"
#include "kernels/vector_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace heed::kernels {
namespace HWY_NAMESPACE {

struct Neg {
  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D, hn::Vec<D> x) const {
    return hn::Neg(x);
  }
};
struct Abs {
  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D, hn::Vec<D> x) const {
    return hn::Abs(x);
  }
};
struct Sqrt {
  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D, hn::Vec<D> x) const {
    return hn::Sqrt(x);
  }
};
struct Square {
  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D, hn::Vec<D> x) const {
    return hn::Mul(x, x);
  }
};
struct Reciprocal {
  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D d, hn::Vec<D> x) const {
    return hn::Div(constant(d, 1), x);
  }
};
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
struct Log {
  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D d, hn::Vec<D> x) const {
    return HWY_NAMESPACE::log(d, x);
  }
};
struct Tanh {
  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D d, hn::Vec<D> x) const {
    return HWY_NAMESPACE::tanh(d, x);
  }
};
struct Sigmoid {
  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D d, hn::Vec<D> x) const {
    return sigmoid(d, x);
  }
};
struct Erf {
  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D d, hn::Vec<D> x) const {
    return HWY_NAMESPACE::erf(d, x);
  }
};
struct Sin {
  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D d, hn::Vec<D> x) const {
    return HWY_NAMESPACE::sin(d, x);
  }
};
struct Cos {
  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D d, hn::Vec<D> x) const {
    return HWY_NAMESPACE::cos(d, x);
  }
};
struct Relu {
  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D d, hn::Vec<D> x) const {
    return at_least(d, x, 0);
  }
};
struct Gelu {
  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D d, hn::Vec<D> x) const {
    return gelu(d, x);
  }
};
struct GeluTanh {
  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D d, hn::Vec<D> x) const {
    return gelu_tanh(d, x);
  }
};
struct Silu {
  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D d, hn::Vec<D> x) const {
    return weighted(d, x, sigmoid(d, x));
  }
};
struct Softplus {
  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D d, hn::Vec<D> x) const {
    return softplus(d, x);
  }
};

struct Add {
  template <class D, class V>
  HWY_INLINE V operator()(D, V x, V y) const {
    return hn::Add(x, y);
  }
};
struct Sub {
  template <class D, class V>
  HWY_INLINE V operator()(D, V x, V y) const {
    return hn::Sub(x, y);
  }
};
struct Mul {
  template <class D, class V>
  HWY_INLINE V operator()(D, V x, V y) const {
    return hn::Mul(x, y);
  }
};
struct Div {
  template <class D, class V>
  HWY_INLINE V operator()(D, V x, V y) const {
    return hn::Div(x, y);
  }
};
struct Maximum {
  template <class D, class V>
  HWY_INLINE V operator()(D, V x, V y) const {
    return hn::IfThenElse(hn::Or(hn::Gt(x, y), hn::IsNaN(x)), x, y);
  }
};
struct Minimum {
  template <class D, class V>
  HWY_INLINE V operator()(D, V x, V y) const {
    return hn::IfThenElse(hn::Or(hn::Lt(x, y), hn::IsNaN(x)), x, y);
  }
};
struct TanhBackward {
  template <class D, class V>
  HWY_INLINE V operator()(D d, V output, V gradient) const {
    return hn::Mul(gradient, hn::NegMulAdd(output, output, constant(d, 1)));
  }
};
struct SigmoidBackward {
  template <class D, class V>
  HWY_INLINE V operator()(D d, V output, V gradient) const {
    return hn::Mul(hn::Mul(gradient, output), hn::Sub(constant(d, 1), output));
  }
};
struct ReluBackward {
  template <class D, class V>
  HWY_INLINE V operator()(D d, V output, V gradient) const {
    return hn::IfThenZeroElse(hn::Le(output, hn::Zero(d)), gradient);
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
  if (n > 0) binary_contiguous<Mul, false, true>(&alpha, x, y, n);
}

template <class T>
void fill_row(T value, T* y, int64_t n) {
  std::fill_n(y, n, value);
}

template <class Op>
constexpr Unary unary() {
  return {.f32 = &unary_row<Op, float>, .f64 = &unary_row<Op, double>};
}
template <class Op>
constexpr Binary binary() {
  return {.f32 = &binary_row<Op, float>, .f64 = &binary_row<Op, double>};
}

const ElementwiseKernels& elementwise_table() {
  static constexpr ElementwiseKernels table = {
      .neg = unary<Neg>(),
      .abs = unary<Abs>(),
      .sqrt = unary<Sqrt>(),
      .square = unary<Square>(),
      .reciprocal = unary<Reciprocal>(),
      .exp = unary<Exp>(),
      .log = unary<Log>(),
      .tanh = unary<Tanh>(),
      .sigmoid = unary<Sigmoid>(),
      .erf = unary<Erf>(),
      .sin = unary<Sin>(),
      .cos = unary<Cos>(),
      .relu = unary<Relu>(),
      .gelu = unary<Gelu>(),
      .gelu_tanh = unary<GeluTanh>(),
      .silu = unary<Silu>(),
      .softplus = unary<Softplus>(),
      .add = binary<Add>(),
      .sub = binary<Sub>(),
      .mul = binary<Mul>(),
      .div = binary<Div>(),
      .pow = {.f32 = &pow_row<float>, .f64 = &pow_row<double>},
      .maximum = binary<Maximum>(),
      .minimum = binary<Minimum>(),
      .tanh_backward = binary<TanhBackward>(),
      .sigmoid_backward = binary<SigmoidBackward>(),
      .relu_backward = binary<ReluBackward>(),
      .axpy = {.f32 = &axpy_row<float>, .f64 = &axpy_row<double>},
      .scale = {.f32 = &scale_row<float>, .f64 = &scale_row<double>},
      .fill = {.f32 = &fill_row<float>, .f64 = &fill_row<double>},
  };
  return table;
}

}  // namespace HWY_NAMESPACE
}  // namespace heed::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace heed::kernels {

HWY_EXPORT(elementwise_table);

const ElementwiseKernels& elementwise() { return HEED_SIMD_SELECT(elementwise_table)(); }

}  // namespace heed::kernels
#endif

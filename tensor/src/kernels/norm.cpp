// Layer normalisation, that by the root of the mean square (which leaves the mean out), and their table per SIMD
// target.
#include "kernels/norm.h"

#include <algorithm>
#include <cmath>
#include <limits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/norm.cpp"
#include <hwy/foreach_target.h>
//
#include "kernels/reduce_rows-inl.h"
#include "kernels/simd_dispatch.h"

HWY_BEFORE_NAMESPACE();
namespace heed::kernels {
namespace HWY_NAMESPACE {

template <class T>
struct SquaredDeviations {
  const T* x;
  T mean;
  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D d, int64_t i, int64_t count) const {
    const auto deviation = hn::Sub(load_some(d, x + i, count), hn::Set(d, mean));
    return hn::Mul(deviation, deviation);
  }
};

template <class T>
struct Normalise {
  const T* x;
  const T* gamma;
  const T* beta;
  T mean, rstd;
  T* y;
  template <class D>
  HWY_INLINE void operator()(D d, int64_t i, int64_t count) const {
    auto value = hn::Mul(hn::Sub(load_some(d, x + i, count), hn::Set(d, mean)), hn::Set(d, rstd));
    if (gamma != nullptr) value = hn::Mul(value, load_some(d, gamma + i, count));
    if (beta != nullptr) value = hn::Add(value, load_some(d, beta + i, count));
    store_some(d, value, y + i, count);
  }
};

// Whether rows are centred on their mean, or on 0.
enum class Centre { mean, zero };

template <class T, Centre kCentre>
struct Moments {
  T mean, variance;
  Moments(const T* x, int64_t n)
      : mean(kCentre == Centre::zero ? T{0} : sum_terms<T>(n, Values<T>{x}) / static_cast<T>(n)),
        variance(sum_terms<T>(n, SquaredDeviations<T>{x, mean}) / static_cast<T>(n)) {}
};

// From here on, and where it is finite, a variance has lost nothing: no square left the range of T, none that counts
// fell below it.
template <class T>
constexpr T kSmallVariance = static_cast<T>(sizeof(T) == 4 ? 0x1p-100 : 0x1p-900);

// A power of two that brings the larger of |x| and sqrt(epsilon) near 1.
template <class T>
T factor_into_range(const T* x, T epsilon, int64_t n) {
  constexpr int kLimit = std::numeric_limits<T>::max_exponent - 2;
  T largest = std::sqrt(epsilon);
  for (int64_t i = 0; i < n; ++i) largest = std::max(largest, std::abs(x[i]));
  if (largest == 0 || !std::isfinite(largest)) return 1;
  return std::ldexp(T{1}, -std::clamp(std::ilogb(largest), -kLimit, kLimit));
}

template <class T, Centre kCentre>
HWY_INLINE void normalise_row(const T* x, const T* gamma, const T* beta, const Moments<T, kCentre>& moments, T epsilon,
                              T* y, T* mean, T* rstd, int64_t n) {
  *mean = moments.mean;
  *rstd = 1 / std::sqrt(moments.variance + epsilon);
  for_each_vector<T>(n, Normalise<T>{x, gamma, beta, *mean, *rstd, y});
}

// By way of a multiple of the row whose squares are in range.
template <class T, Centre kCentre>
HWY_NOINLINE void normalise_extreme_row(const T* x, const T* gamma, const T* beta, T epsilon, T* y, T* mean, T* rstd,
                                        int64_t n) {
  const T factor = factor_into_range(x, epsilon, n);
  for (int64_t i = 0; i < n; ++i) y[i] = x[i] * factor;
  normalise_row(y, gamma, beta, Moments<T, kCentre>(y, n), epsilon * factor * factor, y, mean, rstd, n);
  *mean /= factor;
  *rstd *= factor;
}

template <class T, Centre kCentre>
void norm_row(const T* x, const T* gamma, const T* beta, T epsilon, T* y, T* mean, T* rstd, int64_t n) {
  const Moments<T, kCentre> moments(x, n);
  const bool small = !(moments.variance + epsilon >= kSmallVariance<T>);
  if (HWY_UNLIKELY(small || std::isinf(moments.variance))) {
    normalise_extreme_row<T, kCentre>(x, gamma, beta, epsilon, y, mean, rstd, n);
  } else {
    normalise_row(x, gamma, beta, moments, epsilon, y, mean, rstd, n);
  }
}

template <class T>
void rms_norm_row(const T* x, const T* gamma, T epsilon, T* y, T* r, int64_t n) {
  T mean;
  norm_row<T, Centre::zero>(x, gamma, nullptr, epsilon, y, &mean, r, n);
}

// u = dy gamma, the gradient of the normalised row v.
template <class T>
struct NormalisedGradient {
  const T* gamma;
  const T* dy;
  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D d, int64_t i, int64_t count) const {
    const auto gradient = load_some(d, dy + i, count);
    return gamma == nullptr ? gradient : hn::Mul(gradient, load_some(d, gamma + i, count));
  }
};
template <class T>
struct NormalisedValue {
  const T* x;
  T mean, rstd;
  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D d, int64_t i, int64_t count) const {
    return hn::Mul(hn::Sub(load_some(d, x + i, count), hn::Set(d, mean)), hn::Set(d, rstd));
  }
};
// The same where x - mean may be beyond the range of T.
template <class T>
struct NormalisedLargeValue {
  const T* x;
  T mean, rstd;
  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D d, int64_t i, int64_t count) const {
    const auto quarter = hn::Set(d, T{0.25});
    const auto deviation = hn::Sub(hn::Mul(load_some(d, x + i, count), quarter), hn::Mul(hn::Set(d, mean), quarter));
    return hn::Mul(deviation, hn::Set(d, rstd * 4));
  }
};
template <class T>
HWY_INLINE bool is_large(T rstd) {
  return !(rstd >= static_cast<T>(sizeof(T) == 4 ? 0x1p-90 : 0x1p-900));
}

template <class T, class V>
struct GradientTimesValue {
  NormalisedGradient<T> u;
  V v;
  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D d, int64_t i, int64_t count) const {
    return hn::Mul(u(d, i, count), v(d, i, count));
  }
};
template <class T, class V>
struct InputGradient {
  NormalisedGradient<T> u;
  V v;
  T mean_u, mean_uv;
  T* dx;
  template <class D>
  HWY_INLINE void operator()(D d, int64_t i, int64_t count) const {
    const auto centred = hn::Sub(u(d, i, count), hn::Set(d, mean_u));
    const auto rest = hn::NegMulAdd(v(d, i, count), hn::Set(d, mean_uv), centred);
    store_some(d, hn::Mul(rest, hn::Set(d, v.rstd)), dx + i, count);
  }
};

template <Centre kCentre, class T, class V>
HWY_INLINE void differentiate_row(const NormalisedGradient<T>& u, const V& v, T* dx, int64_t n) {
  const T mean_u = kCentre == Centre::zero ? T{0} : sum_terms<T>(n, u) / static_cast<T>(n);
  const T mean_uv = sum_terms<T>(n, GradientTimesValue<T, V>{u, v}) / static_cast<T>(n);
  for_each_vector<T>(n, InputGradient<T, V>{u, v, mean_u, mean_uv, dx});
}

template <class T, Centre kCentre>
void norm_backward_row(const T* x, const T* gamma, const T* dy, T mean, T rstd, T* dx, int64_t n) {
  const NormalisedGradient<T> u{gamma, dy};
  if (HWY_UNLIKELY(is_large(rstd))) {
    differentiate_row<kCentre>(u, NormalisedLargeValue<T>{x, mean, rstd}, dx, n);
  } else {
    differentiate_row<kCentre>(u, NormalisedValue<T>{x, mean, rstd}, dx, n);
  }
}

template <class T>
void rms_norm_backward_row(const T* x, const T* gamma, const T* dy, T r, T* dx, int64_t n) {
  norm_backward_row<T, Centre::zero>(x, gamma, dy, 0, r, dx, n);
}

// One row's share of the gradients of gamma and, unless it is nullptr, beta.
template <class T, class V>
struct ParameterGradients {
  V v;
  const T* dy;
  T* dgamma;
  T* dbeta;
  template <class D>
  HWY_INLINE void operator()(D d, int64_t j, int64_t count) const {
    const auto gradient = load_some(d, dy + j, count);
    store_some(d, hn::MulAdd(gradient, v(d, j, count), load_some(d, dgamma + j, count)), dgamma + j, count);
    if (dbeta != nullptr) store_some(d, hn::Add(load_some(d, dbeta + j, count), gradient), dbeta + j, count);
  }
};

// Without means rows are centred on 0.
template <class T>
void norm_backward_parameter_columns(const T* x, const T* dy, int64_t row_stride, const T* mean, const T* rstd,
                                     int64_t rows, int64_t columns, T* dgamma, T* dbeta) {
  for (int64_t i = 0; i < rows; ++i) {
    const NormalisedValue<T> v{x + i * row_stride, mean == nullptr ? T{0} : mean[i], rstd[i]};
    const NormalisedLargeValue<T> large{v.x, v.mean, v.rstd};
    const T* gradient = dy + i * row_stride;
    if (HWY_UNLIKELY(is_large(v.rstd))) {
      for_each_vector<T>(columns, ParameterGradients<T, decltype(large)>{large, gradient, dgamma, dbeta});
    } else {
      for_each_vector<T>(columns, ParameterGradients<T, decltype(v)>{v, gradient, dgamma, dbeta});
    }
  }
}

template <class T>
void rms_norm_backward_weight_columns(const T* x, const T* dy, int64_t row_stride, const T* r, int64_t rows,
                                      int64_t columns, T* dgamma) {
  norm_backward_parameter_columns<T>(x, dy, row_stride, nullptr, r, rows, columns, dgamma, nullptr);
}

template <class T>
constexpr NormKernels<T> norm_kernels = {
    .layer_norm = &norm_row<T, Centre::mean>,
    .layer_norm_backward = &norm_backward_row<T, Centre::mean>,
    .layer_norm_backward_parameters = &norm_backward_parameter_columns<T>,
    .rms_norm = &rms_norm_row<T>,
    .rms_norm_backward = &rms_norm_backward_row<T>,
    .rms_norm_backward_weight = &rms_norm_backward_weight_columns<T>,
};

const FloatKernels<NormKernels>& norm_table() {
  static constexpr FloatKernels<NormKernels> table{norm_kernels<float>, norm_kernels<double>};
  return table;
}

}  // namespace HWY_NAMESPACE
}  // namespace heed::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace heed::kernels {

HEED_SIMD_EXPORT(norm_table);

const FloatKernels<NormKernels>& norm() { return HEED_SIMD_SELECT(norm_table)(); }

}  // namespace heed::kernels
#endif

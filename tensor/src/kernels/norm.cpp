// Layer normalisation and its table per SIMD target.
#include "kernels/norm.h"

#include <cmath>

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

template <class T>
void layer_norm_row(const T* x, const T* gamma, const T* beta, T epsilon, T* y, T* mean, T* rstd, int64_t n) {
  const T count = static_cast<T>(n);
  *mean = sum_terms<T>(n, Values<T>{x}) / count;
  const T variance = sum_terms<T>(n, SquaredDeviations<T>{x, *mean}) / count;
  *rstd = 1 / std::sqrt(variance + epsilon);
  for_each_vector<T>(n, Normalise<T>{x, gamma, beta, *mean, *rstd, y});
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
template <class T>
struct GradientTimesValue {
  NormalisedGradient<T> u;
  NormalisedValue<T> v;
  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D d, int64_t i, int64_t count) const {
    return hn::Mul(u(d, i, count), v(d, i, count));
  }
};
template <class T>
struct InputGradient {
  NormalisedGradient<T> u;
  NormalisedValue<T> v;
  T mean_u, mean_uv;
  T* dx;
  template <class D>
  HWY_INLINE void operator()(D d, int64_t i, int64_t count) const {
    const auto centred = hn::Sub(u(d, i, count), hn::Set(d, mean_u));
    const auto rest = hn::NegMulAdd(v(d, i, count), hn::Set(d, mean_uv), centred);
    store_some(d, hn::Mul(rest, hn::Set(d, v.rstd)), dx + i, count);
  }
};

template <class T>
void layer_norm_backward_row(const T* x, const T* gamma, const T* dy, T mean, T rstd, T* dx, int64_t n) {
  const NormalisedGradient<T> u{gamma, dy};
  const NormalisedValue<T> v{x, mean, rstd};
  const T mean_u = sum_terms<T>(n, u) / static_cast<T>(n);
  const T mean_uv = sum_terms<T>(n, GradientTimesValue<T>{u, v}) / static_cast<T>(n);
  for_each_vector<T>(n, InputGradient<T>{u, v, mean_u, mean_uv, dx});
}

// One row's share of the gradients of gamma and beta.
template <class T>
struct ParameterGradients {
  NormalisedValue<T> v;
  const T* dy;
  T* dgamma;
  T* dbeta;
  template <class D>
  HWY_INLINE void operator()(D d, int64_t j, int64_t count) const {
    const auto gradient = load_some(d, dy + j, count);
    if (dgamma != nullptr) {
      store_some(d, hn::MulAdd(gradient, v(d, j, count), load_some(d, dgamma + j, count)), dgamma + j, count);
    }
    if (dbeta != nullptr) store_some(d, hn::Add(load_some(d, dbeta + j, count), gradient), dbeta + j, count);
  }
};

template <class T>
void layer_norm_backward_parameter_columns(const T* x, const T* dy, int64_t row_stride, const T* mean, const T* rstd,
                                           int64_t rows, int64_t columns, T* dgamma, T* dbeta) {
  for (int64_t i = 0; i < rows; ++i) {
    const NormalisedValue<T> v{x + i * row_stride, mean[i], rstd[i]};
    for_each_vector<T>(columns, ParameterGradients<T>{v, dy + i * row_stride, dgamma, dbeta});
  }
}

template <class T>
const NormKernels<T>& norm_table() {
  static constexpr NormKernels<T> table = {
      .layer_norm = &layer_norm_row<T>,
      .layer_norm_backward = &layer_norm_backward_row<T>,
      .layer_norm_backward_parameters = &layer_norm_backward_parameter_columns<T>,
  };
  return table;
}

const NormKernels<float>& norm_f32() { return norm_table<float>(); }
const NormKernels<double>& norm_f64() { return norm_table<double>(); }

}  // namespace HWY_NAMESPACE
}  // namespace heed::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace heed::kernels {

HWY_EXPORT(norm_f32);
HWY_EXPORT(norm_f64);

template <>
const NormKernels<float>& norm<float>() {
  return HEED_SIMD_SELECT(norm_f32)();
}
template <>
const NormKernels<double>& norm<double>() {
  return HEED_SIMD_SELECT(norm_f64)();
}

}  // namespace heed::kernels
#endif

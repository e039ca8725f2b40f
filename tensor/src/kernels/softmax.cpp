// Softmax and its family, and their table per SIMD target.
#include "kernels/softmax.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/softmax.cpp"
#include <hwy/foreach_target.h>
//
#include "kernels/reduce_rows-inl.h"
#include "kernels/simd_dispatch.h"
#include "kernels/vector_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace heed::kernels {
namespace HWY_NAMESPACE {

template <class T>
constexpr T kMinusInfinity = -std::numeric_limits<T>::infinity();

// y = x with `value` in the hidden positions.
template <class T>
HWY_INLINE void replace_hidden(const T* x, const bool* mask, T value, T* y, int64_t n) {
  for (int64_t i = 0; i < n; ++i) y[i] = mask[i] ? value : x[i];
}

// Terms exp(x - max), for sum_terms.
template <class T>
struct ShiftedExp {
  const T* x;
  T max;
  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D d, int64_t i, int64_t count) const {
    return exp(d, hn::Sub(load_some(d, x + i, count), hn::Set(d, max)));
  }
};

// The same, kept in y.
template <class T>
struct StoredShiftedExp {
  ShiftedExp<T> term;
  T* y;
  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D d, int64_t i, int64_t count) const {
    const auto value = term(d, i, count);
    store_some(d, value, y + i, count);
    return value;
  }
};

template <class T>
struct Divide {
  T* y;
  T divisor;
  template <class D>
  HWY_INLINE void operator()(D d, int64_t i, int64_t count) const {
    store_some(d, hn::Div(load_some(d, y + i, count), hn::Set(d, divisor)), y + i, count);
  }
};

// y = x - first - second
template <class T>
struct SubtractTwo {
  const T* x;
  T first, second;
  T* y;
  template <class D>
  HWY_INLINE void operator()(D d, int64_t i, int64_t count) const {
    const auto shifted = hn::Sub(load_some(d, x + i, count), hn::Set(d, first));
    store_some(d, hn::Sub(shifted, hn::Set(d, second)), y + i, count);
  }
};

// Hidden positions enter as -inf, whose exp is exactly 0. That fails only where the largest is not finite; then they
// are set once more at the end.
template <class T>
void softmax_row(const T* x, const bool* mask, T* y, int64_t n) {
  if (mask != nullptr) {
    replace_hidden(x, mask, kMinusInfinity<T>, y, n);
    x = y;
  }
  const T max = extreme<Larger>(x, n, kMinusInfinity<T>);
  const T sum = sum_terms<T>(n, StoredShiftedExp<T>{{x, max}, y});
  for_each_vector<T>(n, Divide<T>{y, sum});
  if (mask != nullptr && !std::isfinite(max)) replace_hidden(y, mask, T{0}, y, n);
}

template <class T>
void log_softmax_row(const T* x, T* y, int64_t n) {
  const T max = extreme<Larger>(x, n, kMinusInfinity<T>);
  const T sum = sum_terms<T>(n, ShiftedExp<T>{x, max});
  for_each_vector<T>(n, SubtractTwo<T>{x, max, std::log(sum), y});
}

// Terms y dy / 2, nothing where y is 0. Of halves, since the difference of two gradients may be beyond the range where
// its share is not.
template <class T>
struct VisibleProducts {
  const T* y;
  const T* dy;
  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D d, int64_t i, int64_t count) const {
    const auto value = load_some(d, y + i, count);
    const auto half = hn::Mul(load_some(d, dy + i, count), hn::Set(d, T{0.5}));
    return hn::IfThenZeroElse(hn::Eq(value, hn::Zero(d)), hn::Mul(value, half));
  }
};
template <class T>
struct SoftmaxGradient {
  const T* y;
  const T* dy;
  T half_sum;
  T* dx;
  template <class D>
  HWY_INLINE void operator()(D d, int64_t i, int64_t count) const {
    const auto value = load_some(d, y + i, count);
    const auto half = hn::Mul(load_some(d, dy + i, count), hn::Set(d, T{0.5}));
    const auto gradient = hn::Mul(hn::Add(value, value), hn::Sub(half, hn::Set(d, half_sum)));
    store_some(d, hn::IfThenZeroElse(hn::Eq(value, hn::Zero(d)), gradient), dx + i, count);
  }
};

template <class T>
void softmax_backward_row(const T* y, const T* dy, T* dx, int64_t n) {
  const T half_sum = sum_terms<T>(n, VisibleProducts<T>{y, dy});
  for_each_vector<T>(n, SoftmaxGradient<T>{y, dy, half_sum, dx});
}

template <class T>
struct LogSoftmaxGradient {
  const T* y;
  const T* dy;
  T sum;
  T* dx;
  template <class D>
  HWY_INLINE void operator()(D d, int64_t i, int64_t count) const {
    const auto probability = exp(d, load_some(d, y + i, count));
    store_some(d, hn::NegMulAdd(probability, hn::Set(d, sum), load_some(d, dy + i, count)), dx + i, count);
  }
};

// Where the sum may leave the range and the gradients do not: of smaller terms.
template <class T>
HWY_NOINLINE void log_softmax_backward_large_row(const T* y, const T* dy, T* dx, int64_t n) {
  constexpr T kSmaller = static_cast<T>(0x1p-64);
  T sum = 0;
  for (int64_t i = 0; i < n; ++i) sum += dy[i] * kSmaller;
  for (int64_t i = 0; i < n; ++i) dx[i] = (dy[i] * kSmaller - std::exp(y[i]) * sum) / kSmaller;
}

template <class T>
void log_softmax_backward_row(const T* y, const T* dy, T* dx, int64_t n) {
  const T sum = sum_terms<T>(n, Values<T>{dy});
  if (HWY_UNLIKELY(!(std::abs(sum) <= std::numeric_limits<T>::max() / 4))) {
    log_softmax_backward_large_row(y, dy, dx, n);
  } else {
    for_each_vector<T>(n, LogSoftmaxGradient<T>{y, dy, sum, dx});
  }
}

template <class T>
T logsumexp_row(const T* x, int64_t n) {
  const T max = extreme<Larger>(x, n, kMinusInfinity<T>);
  return std::isfinite(max) ? max + std::log(sum_terms<T>(n, ShiftedExp<T>{x, max})) : max;
}

// Below the largest, so that a mean of large values keeps its digits.
template <class T>
struct Shifted {
  const T* x;
  T max;
  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D d, int64_t i, int64_t count) const {
    return hn::Sub(load_some(d, x + i, count), hn::Set(d, max));
  }
};

// Half the mean of x - max, for finite max: half of it, since x - max may be beyond the range, and so may its sum.
template <class T>
T half_mean_below(const T* x, T max, int64_t n) {
  const T count = static_cast<T>(n);
  const T mean = sum_terms<T>(n, Shifted<T>{x, max}) / count;
  if (!std::isinf(mean)) return mean / 2;
  T sum = 0;
  for (int64_t i = 0; i < n; ++i) sum += (x[i] / 2 - max / 2) / count;
  return sum;
}

template <class T>
T cross_entropy_row(const T* x, int64_t n, int64_t target, T smoothing) {
  const T max = extreme<Larger>(x, n, kMinusInfinity<T>);
  const T log_sum = std::log(sum_terms<T>(n, ShiftedExp<T>{x, max}));
  if (smoothing == 0) return log_sum - (x[target] - max);
  const T half_distance = x[target] / 2 - max / 2;
  return log_sum - ((1 - smoothing) * 2 * half_distance + smoothing * 2 * half_mean_below(x, max, n));
}

template <class T>
struct CrossEntropyGradient {
  const T* probabilities;
  T share, scale;
  T* dx;
  template <class D>
  HWY_INLINE void operator()(D d, int64_t i, int64_t count) const {
    const auto off = hn::Sub(load_some(d, probabilities + i, count), hn::Set(d, share));
    store_some(d, hn::Mul(off, hn::Set(d, scale)), dx + i, count);
  }
};

template <class T>
void cross_entropy_backward_row(const T* probabilities, int64_t n, int64_t target, T smoothing, T scale, T* dx) {
  const T share = smoothing / static_cast<T>(n);
  const T wanted = probabilities[target];
  for_each_vector<T>(n, CrossEntropyGradient<T>{probabilities, share, scale, dx});
  dx[target] = scale * (wanted - (1 - smoothing) - share);
}

template <class T>
constexpr SoftmaxKernels<T> softmax_kernels = {
    .softmax = &softmax_row<T>,
    .log_softmax = &log_softmax_row<T>,
    .softmax_backward = &softmax_backward_row<T>,
    .log_softmax_backward = &log_softmax_backward_row<T>,
    .logsumexp = &logsumexp_row<T>,
    .cross_entropy = &cross_entropy_row<T>,
    .cross_entropy_backward = &cross_entropy_backward_row<T>,
};

const FloatKernels<SoftmaxKernels>& softmax_table() {
  static constexpr FloatKernels<SoftmaxKernels> table{softmax_kernels<float>, softmax_kernels<double>};
  return table;
}

}  // namespace HWY_NAMESPACE
}  // namespace heed::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace heed::kernels {

HEED_SIMD_EXPORT(softmax_table);

const FloatKernels<SoftmaxKernels>& softmax() { return HEED_SIMD_SELECT(softmax_table)(); }

}  // namespace heed::kernels
#endif

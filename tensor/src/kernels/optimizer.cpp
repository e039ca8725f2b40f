// Optimiser updates and their table per SIMD target.
#include "kernels/optimizer.h"

#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/optimizer.cpp"
#include <hwy/foreach_target.h>
//
#include "kernels/simd_dispatch.h"
#include "kernels/tail-inl.h"

HWY_BEFORE_NAMESPACE();
namespace heed::kernels {
namespace HWY_NAMESPACE {

// What the elements share, rounded once from float64.
template <class T>
struct SGDUpdate {
  T learning_rate, momentum, blend, weight_decay;
  bool nesterov, first_step;
  const T* gradient;
  T* parameter;
  T* buffer;

  SGDUpdate(const SGDStep& step, const T* gradient_values, T* parameter_values, T* momentum_buffer)
      : learning_rate(static_cast<T>(step.learning_rate)),
        momentum(static_cast<T>(step.momentum)),
        blend(1 - static_cast<T>(step.dampening)),
        weight_decay(static_cast<T>(step.weight_decay)),
        nesterov(step.nesterov),
        first_step(step.first_step),
        gradient(gradient_values),
        parameter(parameter_values),
        buffer(momentum_buffer) {}

  template <class D>
  HWY_INLINE void operator()(D d, int64_t i, int64_t count) const {
    const auto p = load_some(d, parameter + i, count);
    auto g = load_some(d, gradient + i, count);
    if (weight_decay != 0) g = hn::MulAdd(hn::Set(d, weight_decay), p, g);  // 0 times infinity is NaN
    if (buffer != nullptr && momentum != 0) {
      auto velocity = g;
      if (!first_step) {
        velocity = hn::MulAdd(hn::Set(d, blend), g, hn::Mul(hn::Set(d, momentum), load_some(d, buffer + i, count)));
      }
      store_some(d, velocity, buffer + i, count);
      g = nesterov ? hn::MulAdd(hn::Set(d, momentum), velocity, g) : velocity;
    }
    store_some(d, hn::NegMulAdd(hn::Set(d, learning_rate), g, p), parameter + i, count);
  }
};

template <class T>
void sgd_update(const SGDStep& step, const T* gradient, T* parameter, T* momentum_buffer, int64_t n) {
  for_each_vector<T>(n, SGDUpdate<T>(step, gradient, parameter, momentum_buffer));
}

template <class T>
struct AdamUpdate {
  T added_decay, shrink, twice_blend1, keep2, blend2, step_size, root_correction2, epsilon;
  const T* gradient;
  T* parameter;
  T* first;
  T* second;
  T* maximum;

  AdamUpdate(const AdamStep& step, const T* gradient_values, T* parameter_values, T* m, T* v, T* v_max)
      : added_decay(static_cast<T>(step.decoupled ? 0 : step.weight_decay)),
        shrink(static_cast<T>(step.decoupled ? 1 - step.learning_rate * step.weight_decay : 1)),
        twice_blend1(2 * static_cast<T>(1 - step.beta1)),
        keep2(static_cast<T>(step.beta2)),
        blend2(static_cast<T>(1 - step.beta2)),
        step_size(static_cast<T>(step.learning_rate / correction(step.beta1, step.count))),
        root_correction2(static_cast<T>(std::sqrt(correction(step.beta2, step.count)))),
        epsilon(static_cast<T>(step.epsilon)),
        gradient(gradient_values),
        parameter(parameter_values),
        first(m),
        second(v),
        maximum(v_max) {}

  static double correction(double beta, int64_t steps) { return 1 - std::pow(beta, static_cast<double>(steps)); }

  template <class D>
  HWY_INLINE void operator()(D d, int64_t i, int64_t count) const {
    auto p = load_some(d, parameter + i, count);
    auto g = load_some(d, gradient + i, count);
    if (added_decay != 0) g = hn::MulAdd(hn::Set(d, added_decay), p, g);
    p = hn::Mul(p, hn::Set(d, shrink));
    auto m = load_some(d, first + i, count);
    // Of halves, whose difference is finite.
    const auto half = hn::Set(d, T{0.5});
    m = hn::MulAdd(hn::Set(d, twice_blend1), hn::Sub(hn::Mul(g, half), hn::Mul(m, half)), m);
    store_some(d, m, first + i, count);
    auto v = hn::Mul(load_some(d, second + i, count), hn::Set(d, keep2));
    v = hn::MulAdd(hn::Mul(g, g), hn::Set(d, blend2), v);
    store_some(d, v, second + i, count);
    if (maximum != nullptr) {
      const auto before = load_some(d, maximum + i, count);
      v = hn::IfThenElse(hn::Or(hn::Gt(before, v), hn::IsNaN(before)), before, v);
      store_some(d, v, maximum + i, count);
    }
    const auto root = hn::Add(hn::Div(hn::Sqrt(v), hn::Set(d, root_correction2)), hn::Set(d, epsilon));
    store_some(d, hn::NegMulAdd(hn::Set(d, step_size), hn::Div(m, root), p), parameter + i, count);
  }
};

template <class T>
void adam_update(const AdamStep& step, const T* gradient, T* parameter, T* first_moment, T* second_moment,
                 T* second_maximum, int64_t n) {
  for_each_vector<T>(n, AdamUpdate<T>(step, gradient, parameter, first_moment, second_moment, second_maximum));
}

template <class T>
constexpr OptimizerKernels<T> optimizer_kernels = {.sgd = &sgd_update<T>, .adam = &adam_update<T>};

const FloatKernels<OptimizerKernels>& optimizer_table() {
  static constexpr FloatKernels<OptimizerKernels> table{optimizer_kernels<float>, optimizer_kernels<double>};
  return table;
}

}  // namespace HWY_NAMESPACE
}  // namespace heed::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace heed::kernels {

HEED_SIMD_EXPORT(optimizer_table);

const FloatKernels<OptimizerKernels>& optimizer() { return HEED_SIMD_SELECT(optimizer_table)(); }

}  // namespace heed::kernels
#endif

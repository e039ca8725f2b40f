// The simple recurrent network's time step, and the table of all recurrent kernels per SIMD target.
#include "kernels/rnn.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/rnn.cpp"
#include <hwy/foreach_target.h>
//
#include "kernels/rnn_gru-inl.h"
#include "kernels/rnn_lstm-inl.h"
#include "kernels/simd_dispatch.h"

HWY_BEFORE_NAMESPACE();
namespace heed::kernels {
namespace HWY_NAMESPACE {

struct TanhUnit {
  template <class D>
  static HWY_INLINE hn::Vec<D> value(D d, hn::Vec<D> z) {
    return tanh(d, z);
  }
  template <class D>
  static HWY_INLINE hn::Vec<D> gradient(D d, hn::Vec<D> h, hn::Vec<D> dh) {
    return hn::Mul(dh, tanh_slope(d, h));
  }
};
struct ReluUnit {
  template <class D>
  static HWY_INLINE hn::Vec<D> value(D d, hn::Vec<D> z) {
    return at_least(d, z, 0);
  }
  template <class D>
  static HWY_INLINE hn::Vec<D> gradient(D d, hn::Vec<D> h, hn::Vec<D> dh) {
    return hn::IfThenElseZero(hn::Gt(h, hn::Zero(d)), dh);
  }
};

template <class Unit, class T>
HWY_FLATTEN void rnn_step(const RNNForward<T>& given) {
  const RNNForward<T> step = given;
  const auto active = [&](int64_t row, auto d, int64_t j, int64_t count) HWY_ATTR __attribute__((always_inline)) {
    const auto state = Unit::value(d, load_some(d, step.gates.at(row) + j, count));
    store_some(d, state, step.h.at(row) + j, count);
    store_some(d, state, step.output.at(row) + j, count);
  };
  for_each_row<T>(step.range, active, [&](int64_t row) {
    carry(step.h_prev.at(row), step.h.at(row), step.range.hidden);
    std::fill_n(step.output.at(row), step.range.hidden, T{0});
  });
}

template <class Unit, class T>
HWY_FLATTEN void rnn_step_backward(const RNNBackward<T>& given) {
  const RNNBackward<T> step = given;
  const auto active = [&](int64_t row, auto d, int64_t j, int64_t count) HWY_ATTR __attribute__((always_inline)) {
    T* const dh = step.dh.at(row) + j;
    const auto d_state = hn::Add(load_some(d, dh, count), load_or_zero(d, step.d_output.at(row), j, count));
    const auto slope = Unit::gradient(d, load_some(d, step.h.at(row) + j, count), d_state);
    store_some(d, slope, step.d_gates.at(row) + j, count);
    store_some(d, hn::Zero(d), dh, count);
  };
  for_each_row<T>(step.range, active, [&](int64_t row) { std::fill_n(step.d_gates.at(row), step.range.hidden, T{0}); });
}

template <class T>
constexpr RNNKernels<T> rnn_kernels = {
    .lstm = &lstm_step<T>,
    .lstm_backward = &lstm_step_backward<T>,
    .gru = &gru_step<T>,
    .gru_backward = &gru_step_backward<T>,
    .rnn_tanh = &rnn_step<TanhUnit, T>,
    .rnn_tanh_backward = &rnn_step_backward<TanhUnit, T>,
    .rnn_relu = &rnn_step<ReluUnit, T>,
    .rnn_relu_backward = &rnn_step_backward<ReluUnit, T>,
};

const FloatKernels<RNNKernels>& rnn_table() {
  static constexpr FloatKernels<RNNKernels> table{rnn_kernels<float>, rnn_kernels<double>};
  return table;
}

}  // namespace HWY_NAMESPACE
}  // namespace heed::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace heed::kernels {

HEED_SIMD_EXPORT(rnn_table);

const FloatKernels<RNNKernels>& rnn() { return HEED_SIMD_SELECT(rnn_table)(); }

}  // namespace heed::kernels
#endif

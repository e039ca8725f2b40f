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
struct RNNCell {
  const T* gates;
  T* h;
  T* output;
  template <class D>
  HWY_INLINE void operator()(D d, int64_t j, int64_t count) const {
    const auto state = Unit::value(d, load_some(d, gates + j, count));
    store_some(d, state, h + j, count);
    if (output != nullptr) store_some(d, state, output + j, count);
  }
};

template <class Unit, class T>
void rnn_step(const RNNForward<T>& step) {
  const int64_t hidden = step.range.hidden;
  for (int64_t row = 0; row < step.range.rows; ++row) {
    T* h = row_of(step.h, row);
    T* output = row_of(step.output, row);
    if (is_active(step.range, row)) {
      for_each_vector<T>(hidden, RNNCell<Unit, T>{row_of(step.gates, row), h, output});
    } else {
      carry<T>(row_of(step.h_prev, row), h, hidden);
      fill_zeros(output, hidden);
    }
  }
}

template <class Unit, class T>
struct RNNCellGradient {
  const T* h;
  const T* d_output;
  T* dh;
  T* d_gates;
  template <class D>
  HWY_INLINE void operator()(D d, int64_t j, int64_t count) const {
    const auto d_state = hn::Add(load_some(d, dh + j, count), load_or_zero(d, d_output, j, count));
    store_some(d, Unit::gradient(d, load_some(d, h + j, count), d_state), d_gates + j, count);
    store_some(d, hn::Zero(d), dh + j, count);
  }
};

template <class Unit, class T>
void rnn_step_backward(const RNNBackward<T>& step) {
  const int64_t hidden = step.range.hidden;
  for (int64_t row = 0; row < step.range.rows; ++row) {
    T* d_gates = row_of(step.d_gates, row);
    if (is_active(step.range, row)) {
      const RNNCellGradient<Unit, T> cell{row_of(step.h, row), row_of(step.d_output, row), row_of(step.dh, row),
                                          d_gates};
      for_each_vector<T>(hidden, cell);
    } else {
      fill_zeros(d_gates, hidden);
    }
  }
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

HWY_EXPORT(rnn_table);

template <class T>
const RNNKernels<T>& rnn() {
  return HEED_SIMD_SELECT(rnn_table)().get<T>();
}
template const RNNKernels<float>& rnn();
template const RNNKernels<double>& rnn();

}  // namespace heed::kernels
#endif

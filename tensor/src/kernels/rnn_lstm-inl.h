// One LSTM time step after its matrix products, forward and backward (formulas in kernels/rnn.h).
#if defined(HEED_KERNELS_RNN_LSTM_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef HEED_KERNELS_RNN_LSTM_INL_H_
#undef HEED_KERNELS_RNN_LSTM_INL_H_
#else
#define HEED_KERNELS_RNN_LSTM_INL_H_
#endif

#include <hwy/highway.h>

#include "kernels/rnn_rows-inl.h"
#include "kernels/vector_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace heed::kernels {
namespace HWY_NAMESPACE {

template <class T>
struct LSTMCell {
  int64_t hidden;
  T* gates;
  const T* c_prev;
  T* c;
  T* tanh_c;
  T* h;
  T* output;

  template <class D>
  HWY_INLINE hn::Vec<D> gate(D d, int64_t which, int64_t j, int64_t count) const {
    return load_some(d, gates + which * hidden + j, count);
  }

  template <class D>
  HWY_INLINE void operator()(D d, int64_t j, int64_t count) const {
    const auto input = sigmoid(d, gate(d, 0, j, count)), forget = sigmoid(d, gate(d, 1, j, count));
    const auto out = sigmoid(d, gate(d, 3, j, count));
    const auto candidate = tanh(d, gate(d, 2, j, count));
    const auto cell = hn::MulAdd(forget, load_or_zero(d, c_prev, j, count), hn::Mul(input, candidate));
    const auto squashed = tanh(d, cell);
    const auto state = hn::Mul(out, squashed);
    store_some(d, input, gates + j, count);
    store_some(d, forget, gates + hidden + j, count);
    store_some(d, candidate, gates + 2 * hidden + j, count);
    store_some(d, out, gates + 3 * hidden + j, count);
    store_some(d, cell, c + j, count);
    if (tanh_c != nullptr) store_some(d, squashed, tanh_c + j, count);
    store_some(d, state, h + j, count);
    if (output != nullptr) store_some(d, state, output + j, count);
  }
};

template <class T>
void lstm_step(const LSTMForward<T>& step) {
  const int64_t hidden = step.range.hidden;
  for (int64_t row = 0; row < step.range.rows; ++row) {
    const LSTMCell<T> cell{hidden,
                           row_of(step.gates, row),
                           row_of(step.c_prev, row),
                           row_of(step.c, row),
                           row_of(step.tanh_c, row),
                           row_of(step.h, row),
                           row_of(step.output, row)};
    if (is_active(step.range, row)) {
      for_each_vector<T>(hidden, cell);
    } else {
      carry<T>(cell.c_prev, cell.c, hidden);
      carry<T>(row_of(step.h_prev, row), cell.h, hidden);
      fill_zeros(cell.gates, 4 * hidden);
      fill_zeros(cell.tanh_c, hidden);
      fill_zeros(cell.output, hidden);
    }
  }
}

template <class T>
struct LSTMCellGradient {
  int64_t hidden;
  const T* gates;
  const T* c_prev;
  const T* tanh_c;
  const T* d_output;
  T* dh;
  T* dc;
  T* d_gates;

  template <class D>
  HWY_INLINE void operator()(D d, int64_t j, int64_t count) const {
    const auto input = load_some(d, gates + j, count);
    const auto forget = load_some(d, gates + hidden + j, count);
    const auto candidate = load_some(d, gates + 2 * hidden + j, count);
    const auto out = load_some(d, gates + 3 * hidden + j, count);
    const auto squashed = load_some(d, tanh_c + j, count);
    const auto d_state = hn::Add(load_some(d, dh + j, count), load_or_zero(d, d_output, j, count));
    const auto d_cell = hn::MulAdd(hn::Mul(d_state, out), tanh_slope(d, squashed), load_some(d, dc + j, count));
    const auto d_forget = hn::Mul(d_cell, load_or_zero(d, c_prev, j, count));
    store_some(d, hn::Mul(hn::Mul(d_cell, candidate), sigmoid_slope(d, input)), d_gates + j, count);
    store_some(d, hn::Mul(d_forget, sigmoid_slope(d, forget)), d_gates + hidden + j, count);
    store_some(d, hn::Mul(hn::Mul(d_cell, input), tanh_slope(d, candidate)), d_gates + 2 * hidden + j, count);
    store_some(d, hn::Mul(hn::Mul(d_state, squashed), sigmoid_slope(d, out)), d_gates + 3 * hidden + j, count);
    store_some(d, hn::Mul(d_cell, forget), dc + j, count);
    store_some(d, hn::Zero(d), dh + j, count);
  }
};

template <class T>
void lstm_step_backward(const LSTMBackward<T>& step) {
  const int64_t hidden = step.range.hidden;
  for (int64_t row = 0; row < step.range.rows; ++row) {
    const LSTMCellGradient<T> cell{hidden,
                                   row_of(step.gates, row),
                                   row_of(step.c_prev, row),
                                   row_of(step.tanh_c, row),
                                   row_of(step.d_output, row),
                                   row_of(step.dh, row),
                                   row_of(step.dc, row),
                                   row_of(step.d_gates, row)};
    if (is_active(step.range, row)) {
      for_each_vector<T>(hidden, cell);
    } else {
      fill_zeros(cell.d_gates, 4 * hidden);
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace heed::kernels
HWY_AFTER_NAMESPACE();

#endif  // HEED_KERNELS_RNN_LSTM_INL_H_

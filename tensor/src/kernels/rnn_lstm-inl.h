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

// The steps work on copies of their operands, which no store can change.

template <class T>
HWY_FLATTEN void lstm_step(const LSTMForward<T>& given) {
  const LSTMForward<T> step = given;
  const int64_t hidden = step.range.hidden;
  const auto active = [&](int64_t row, auto d, int64_t j, int64_t count) HWY_ATTR __attribute__((always_inline)) {
    T* const gates = step.gates.at(row) + j;
    const auto input = sigmoid(d, load_some(d, gates, count));
    const auto forget = sigmoid(d, load_some(d, gates + hidden, count));
    const auto out = sigmoid(d, load_some(d, gates + 3 * hidden, count));
    const auto candidate = tanh(d, load_some(d, gates + 2 * hidden, count));
    const auto cell = hn::MulAdd(forget, load_some(d, step.c_prev.at(row) + j, count), hn::Mul(input, candidate));
    const auto squashed = tanh(d, cell);
    const auto state = hn::Mul(out, squashed);
    store_some(d, input, gates, count);
    store_some(d, forget, gates + hidden, count);
    store_some(d, candidate, gates + 2 * hidden, count);
    store_some(d, out, gates + 3 * hidden, count);
    store_some(d, cell, step.c.at(row) + j, count);
    store_some(d, squashed, step.tanh_c.at(row) + j, count);
    store_some(d, state, step.h.at(row) + j, count);
    store_some(d, state, step.output.at(row) + j, count);
  };
  for_each_row<T>(step.range, active, [&](int64_t row) {
    carry(step.c_prev.at(row), step.c.at(row), hidden);
    carry(step.h_prev.at(row), step.h.at(row), hidden);
    std::fill_n(step.gates.at(row), 4 * hidden, T{0});
    std::fill_n(step.tanh_c.at(row), hidden, T{0});
    std::fill_n(step.output.at(row), hidden, T{0});
  });
}

template <class T>
HWY_FLATTEN void lstm_step_backward(const LSTMBackward<T>& given) {
  const LSTMBackward<T> step = given;
  const int64_t hidden = step.range.hidden;
  const auto active = [&](int64_t row, auto d, int64_t j, int64_t count) HWY_ATTR __attribute__((always_inline)) {
    const T* const gates = step.gates.at(row) + j;
    T* const dh = step.dh.at(row) + j;
    T* const dc = step.dc.at(row) + j;
    T* const d_gates = step.d_gates.at(row) + j;
    const auto input = load_some(d, gates, count);
    const auto forget = load_some(d, gates + hidden, count);
    const auto candidate = load_some(d, gates + 2 * hidden, count);
    const auto out = load_some(d, gates + 3 * hidden, count);
    const auto squashed = load_some(d, step.tanh_c.at(row) + j, count);
    const auto d_state = hn::Add(load_some(d, dh, count), load_or_zero(d, step.d_output.at(row), j, count));
    const auto d_cell = hn::MulAdd(hn::Mul(d_state, out), tanh_slope(d, squashed), load_some(d, dc, count));
    const auto d_forget = hn::Mul(d_cell, load_some(d, step.c_prev.at(row) + j, count));
    store_some(d, hn::Mul(hn::Mul(d_cell, candidate), sigmoid_slope(d, input)), d_gates, count);
    store_some(d, hn::Mul(d_forget, sigmoid_slope(d, forget)), d_gates + hidden, count);
    store_some(d, hn::Mul(hn::Mul(d_cell, input), tanh_slope(d, candidate)), d_gates + 2 * hidden, count);
    store_some(d, hn::Mul(hn::Mul(d_state, squashed), sigmoid_slope(d, out)), d_gates + 3 * hidden, count);
    store_some(d, hn::Mul(d_cell, forget), dc, count);
    store_some(d, hn::Zero(d), dh, count);
  };
  for_each_row<T>(step.range, active, [&](int64_t row) { std::fill_n(step.d_gates.at(row), 4 * hidden, T{0}); });
}

}  // namespace HWY_NAMESPACE
}  // namespace heed::kernels
HWY_AFTER_NAMESPACE();

#endif  // HEED_KERNELS_RNN_LSTM_INL_H_

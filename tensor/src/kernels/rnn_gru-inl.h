// One GRU time step after its matrix products, forward and backward (formulas in kernels/rnn.h).
#if defined(HEED_KERNELS_RNN_GRU_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef HEED_KERNELS_RNN_GRU_INL_H_
#undef HEED_KERNELS_RNN_GRU_INL_H_
#else
#define HEED_KERNELS_RNN_GRU_INL_H_
#endif

#include <hwy/highway.h>

#include "kernels/rnn_rows-inl.h"
#include "kernels/vector_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace heed::kernels {
namespace HWY_NAMESPACE {

// The steps work on copies of their operands, which no store can change.

template <class T>
HWY_FLATTEN void gru_step(const GRUForward<T>& given) {
  const GRUForward<T> step = given;
  const int64_t hidden = step.range.hidden;
  const auto active = [&](int64_t row, auto d, int64_t j, int64_t count) HWY_ATTR __attribute__((always_inline)) {
    T* const gates = step.gates.at(row) + j;
    T* const recurrent = step.recurrent.at(row) + j;
    const T* const bias = step.recurrent_bias;
    const auto from_state = [&](int64_t at) HWY_ATTR {
      const auto value = load_some(d, recurrent + at, count);
      return bias == nullptr ? value : hn::Add(value, load_some(d, bias + j + at, count));
    };
    const auto gate = [&](int64_t at)
                          HWY_ATTR { return sigmoid(d, hn::Add(load_some(d, gates + at, count), from_state(at))); };
    const auto reset = gate(0), update = gate(hidden);
    const int64_t last = 2 * hidden;
    const auto inner = from_state(last);
    const auto candidate = tanh(d, hn::Add(load_some(d, gates + last, count), hn::Mul(reset, inner)));
    const auto before = load_some(d, step.h_prev.at(row) + j, count);
    const auto state = hn::Add(hn::Mul(hn::Sub(before, candidate), update), candidate);
    store_some(d, reset, gates, count);
    store_some(d, update, gates + hidden, count);
    store_some(d, candidate, gates + last, count);
    if (bias != nullptr) store_some(d, inner, recurrent + last, count);
    store_some(d, state, step.h.at(row) + j, count);
    store_some(d, state, step.output.at(row) + j, count);
  };
  for_each_row<T>(step.range, active, [&](int64_t row) {
    carry(step.h_prev.at(row), step.h.at(row), hidden);
    std::fill_n(step.gates.at(row), 3 * hidden, T{0});
    std::fill_n(step.output.at(row), hidden, T{0});
  });
}

template <class D, class V>
HWY_INLINE V through_sigmoid(D d, V gradient, V y) {
  return hn::Mul(hn::Mul(gradient, hn::Sub(hn::Set(d, hn::TFromD<D>{1}), y)), y);
}

template <class T>
HWY_FLATTEN void gru_step_backward(const GRUBackward<T>& given) {
  const GRUBackward<T> step = given;
  const int64_t hidden = step.range.hidden, last = 2 * hidden;
  const auto active = [&](int64_t row, auto d, int64_t j, int64_t count) HWY_ATTR __attribute__((always_inline)) {
    const T* const gates = step.gates.at(row) + j;
    T* const dh = step.dh.at(row) + j;
    T* const d_gates = step.d_gates.at(row) + j;
    T* const d_recurrent = step.d_recurrent.at(row) + j;
    const auto reset = load_some(d, gates, count), update = load_some(d, gates + hidden, count);
    const auto candidate = load_some(d, gates + last, count);
    const auto inner = load_some(d, step.recurrent.at(row) + j + last, count);
    const auto beside = hn::Add(load_some(d, dh, count), load_or_zero(d, step.d_output.at(row), j, count));
    const auto d_state = hn::Add(beside, load_or_zero(d, step.d_product.at(row), j, count));
    const auto difference = hn::Sub(load_some(d, step.h_prev.at(row) + j, count), candidate);
    const auto carried = hn::Mul(d_state, update);
    const auto d_candidate = hn::Mul(hn::Sub(d_state, carried), tanh_slope(d, candidate));
    const auto d_update = through_sigmoid(d, hn::Mul(d_state, difference), update);
    const auto d_reset = through_sigmoid(d, hn::Mul(d_candidate, inner), reset);
    store_some(d, d_reset, d_gates, count);
    store_some(d, d_update, d_gates + hidden, count);
    store_some(d, d_candidate, d_gates + last, count);
    store_some(d, d_reset, d_recurrent, count);
    store_some(d, d_update, d_recurrent + hidden, count);
    store_some(d, hn::Mul(d_candidate, reset), d_recurrent + last, count);
    store_some(d, carried, dh, count);
  };
  for_each_row<T>(step.range, active, [&](int64_t row) {
    const T* const product = step.d_product.at(row);
    for (int64_t j = 0; j < hidden && product != nullptr; ++j) step.dh.at(row)[j] += product[j];
    std::fill_n(step.d_gates.at(row), 3 * hidden, T{0});
    std::fill_n(step.d_recurrent.at(row), 3 * hidden, T{0});
  });
}

}  // namespace HWY_NAMESPACE
}  // namespace heed::kernels
HWY_AFTER_NAMESPACE();

#endif  // HEED_KERNELS_RNN_GRU_INL_H_

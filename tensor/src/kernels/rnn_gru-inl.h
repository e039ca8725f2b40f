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

template <class T>
struct GRUCell {
  int64_t hidden;
  T* gates;
  T* recurrent;
  const T* recurrent_bias;
  const T* h_prev;
  T* h;
  T* output;

  template <class D>
  HWY_INLINE hn::Vec<D> from_state(D d, int64_t at, int64_t count) const {
    const auto value = load_some(d, recurrent + at, count);
    return recurrent_bias == nullptr ? value : hn::Add(value, load_some(d, recurrent_bias + at, count));
  }
  template <class D>
  HWY_INLINE hn::Vec<D> gate(D d, int64_t at, int64_t count) const {
    return hn::Add(load_some(d, gates + at, count), from_state(d, at, count));
  }

  template <class D>
  HWY_INLINE void operator()(D d, int64_t j, int64_t count) const {
    const auto reset = sigmoid(d, gate(d, j, count)), update = sigmoid(d, gate(d, hidden + j, count));
    const int64_t last = 2 * hidden + j;
    const auto inner = from_state(d, last, count);
    const auto candidate = tanh(d, hn::Add(load_some(d, gates + last, count), hn::Mul(reset, inner)));
    const auto before = load_or_zero(d, h_prev, j, count);
    const auto state = hn::Add(hn::Mul(hn::Sub(before, candidate), update), candidate);
    store_some(d, reset, gates + j, count);
    store_some(d, update, gates + hidden + j, count);
    store_some(d, candidate, gates + last, count);
    if (recurrent_bias != nullptr) store_some(d, inner, recurrent + last, count);
    store_some(d, state, h + j, count);
    if (output != nullptr) store_some(d, state, output + j, count);
  }
};

template <class T>
void gru_step(const GRUForward<T>& step) {
  const int64_t hidden = step.range.hidden;
  for (int64_t row = 0; row < step.range.rows; ++row) {
    const GRUCell<T> cell{hidden,
                          row_of(step.gates, row),
                          row_of(step.recurrent, row),
                          step.recurrent_bias,
                          row_of(step.h_prev, row),
                          row_of(step.h, row),
                          row_of(step.output, row)};
    if (is_active(step.range, row)) {
      for_each_vector<T>(hidden, cell);
    } else {
      carry<T>(cell.h_prev, cell.h, hidden);
      fill_zeros(cell.gates, 3 * hidden);
      fill_zeros(cell.output, hidden);
    }
  }
}

template <class T>
struct GRUCellGradient {
  int64_t hidden;
  const T* gates;
  const T* recurrent;
  const T* h_prev;
  const T* d_output;
  const T* d_product;
  T* dh;
  T* d_gates;
  T* d_recurrent;

  template <class D>
  HWY_INLINE static hn::Vec<D> through_sigmoid(D d, hn::Vec<D> gradient, hn::Vec<D> y) {
    return hn::Mul(hn::Mul(gradient, hn::Sub(hn::Set(d, T{1}), y)), y);
  }

  template <class D>
  HWY_INLINE void operator()(D d, int64_t j, int64_t count) const {
    const int64_t last = 2 * hidden + j;
    const auto reset = load_some(d, gates + j, count);
    const auto update = load_some(d, gates + hidden + j, count);
    const auto candidate = load_some(d, gates + last, count);
    const auto inner = load_some(d, recurrent + last, count);
    const auto beside = hn::Add(load_some(d, dh + j, count), load_or_zero(d, d_output, j, count));
    const auto d_state = hn::Add(beside, load_or_zero(d, d_product, j, count));
    const auto difference = hn::Sub(load_or_zero(d, h_prev, j, count), candidate);
    const auto carried = hn::Mul(d_state, update);
    const auto d_candidate = hn::Mul(hn::Sub(d_state, carried), tanh_slope(d, candidate));
    const auto d_update = through_sigmoid(d, hn::Mul(d_state, difference), update);
    const auto d_reset = through_sigmoid(d, hn::Mul(d_candidate, inner), reset);
    store_some(d, d_reset, d_gates + j, count);
    store_some(d, d_update, d_gates + hidden + j, count);
    store_some(d, d_candidate, d_gates + last, count);
    store_some(d, d_reset, d_recurrent + j, count);
    store_some(d, d_update, d_recurrent + hidden + j, count);
    store_some(d, hn::Mul(d_candidate, reset), d_recurrent + last, count);
    store_some(d, carried, dh + j, count);
  }
};

template <class T>
void add_to(T* sum, const T* x, int64_t n) {
  for (int64_t j = 0; j < n && x != nullptr; ++j) {
    sum[j] += x[j];
  }
}

template <class T>
void gru_step_backward(const GRUBackward<T>& step) {
  const int64_t hidden = step.range.hidden;
  for (int64_t row = 0; row < step.range.rows; ++row) {
    const GRUCellGradient<T> cell{hidden,
                                  row_of(step.gates, row),
                                  row_of(step.recurrent, row),
                                  row_of(step.h_prev, row),
                                  row_of(step.d_output, row),
                                  row_of(step.d_product, row),
                                  row_of(step.dh, row),
                                  row_of(step.d_gates, row),
                                  row_of(step.d_recurrent, row)};
    if (is_active(step.range, row)) {
      for_each_vector<T>(hidden, cell);
    } else {
      add_to(cell.dh, cell.d_product, hidden);
      fill_zeros(cell.d_gates, 3 * hidden);
      fill_zeros(cell.d_recurrent, 3 * hidden);
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace heed::kernels
HWY_AFTER_NAMESPACE();

#endif  // HEED_KERNELS_RNN_GRU_INL_H_

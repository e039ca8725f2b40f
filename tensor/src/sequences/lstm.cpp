// The LSTM recurrence over a whole sequence.
#include <heed/tensor/create.h>
#include <heed/tensor/detail/rnn.h>

#include "core/dispatch.h"
#include "sequences/packed_weight.h"
#include "sequences/rnn_plan.h"

namespace heed {
namespace {

using detail::PackedWeight;
using detail::RecurrencePlan;
using detail::Steps;
using kernels::Rows;

/// result.h and result.c hold h0 and c0 at first, and the last states at the end.
template <class T>
void run_steps(const RecurrencePlan& plan, const PackedWeight<T>& weight, LSTMSequence& result) {
  const int64_t hidden = plan.hidden();
  const Steps<T> gates = plan.write<T>(result.gates), outputs = plan.write<T>(result.output);
  const Steps<T> cells = plan.write<T>(result.cells), tanh_cells = plan.write<T>(result.tanh_cells);
  T* h_states = result.h.mutable_data<T>();
  T* c_states = result.c.mutable_data<T>();
  const auto kernel = kernels::rnn().get<T>().lstm;
  plan.count_steps();
  plan.for_row_ranges([&](int64_t begin, int64_t end) {
    const Storage workspace = weight.workspace(end - begin);
    const Rows<T> h{h_states + begin * hidden, hidden};
    Rows<T> c{c_states + begin * hidden, hidden};
    for (int64_t i = 0; i < plan.steps(); ++i) {
      const int64_t t = plan.time(i);
      weight.add_product(end - begin, {h.data, hidden}, gates.at(t, begin), workspace);
      const Rows<T> c_next = cells.at(t, begin);
      kernel({.range = plan.range(begin, end, t),
              .gates = gates.at(t, begin),
              .c_prev = {c.data, c.stride},
              .h_prev = {h.data, hidden},
              .c = c_next,
              .tanh_c = tanh_cells.at(t, begin),
              .h = h,
              .output = outputs.at(t, begin)});
      c = c_next;
    }
    for (int64_t row = 0; row < end - begin; ++row) {
      std::copy_n(c.data + row * c.stride, hidden, c_states + (begin + row) * hidden);
    }
  });
}

/// result.h0 and result.c0 hold the gradients of the last states at first, and those of h0 and c0 at the end.
template <class T>
void run_steps_backward(const RecurrencePlan& plan, const LSTMSequence& saved, const Tensor& grad_output,
                        const Tensor& c0, const PackedWeight<T>& weight, LSTMSequenceGradients& result) {
  const int64_t hidden = plan.hidden();
  const Steps<const T> gates = plan.read<T>(saved.gates), cells = plan.read<T>(saved.cells);
  const Steps<const T> tanh_cells = plan.read<T>(saved.tanh_cells);
  const Steps<const T> d_outputs = plan.read<T>(grad_output);
  const Steps<T> d_gates = plan.write<T>(result.gate_inputs);
  const T* c_start = c0.data<T>();
  T* d_h = result.h0.mutable_data<T>();
  T* d_c = result.c0.mutable_data<T>();
  const auto kernel = kernels::rnn().get<T>().lstm_backward;
  plan.count_steps();
  plan.for_row_ranges([&](int64_t begin, int64_t end) {
    const Storage workspace = weight.workspace(end - begin);
    const Rows<T> dh{d_h + begin * hidden, hidden};
    for (int64_t i = plan.steps() - 1; i >= 0; --i) {
      const int64_t t = plan.time(i);
      const Rows<T> d_gate = d_gates.at(t, begin);
      kernel({.range = plan.range(begin, end, t),
              .gates = gates.at(t, begin),
              .c_prev = i > 0 ? cells.at(plan.time(i - 1), begin) : Rows<const T>{c_start + begin * hidden, hidden},
              .tanh_c = tanh_cells.at(t, begin),
              .d_output = d_outputs.at(t, begin),
              .dh = dh,
              .dc = {d_c + begin * hidden, hidden},
              .d_gates = d_gate});
      weight.add_product(end - begin, {d_gate.data, d_gate.stride}, dh, workspace);
    }
  });
}

}  // namespace

LSTMSequence lstm_sequence(Tensor gate_inputs, const Tensor& w_hh, const Tensor& h0, const Tensor& c0,
                           const RecurrentOptions& options) {
  return detail::dispatch_floating(gate_inputs.dtype(), "lstm", [&]<class T>() {
    const RecurrencePlan plan(gate_inputs, 4, w_hh, options, "lstm");
    LSTMSequence result{.output = plan.sequence(plan.hidden()),
                        .h = plan.state(h0, "h0"),
                        .c = plan.state(c0, "c0"),
                        .gates = plan.own_sequence(std::move(gate_inputs)),
                        .cells = plan.sequence(plan.hidden()),
                        .tanh_cells = plan.sequence(plan.hidden())};
    if (plan.has_work()) {
      run_steps<T>(plan, detail::pack_transposed<T>(w_hh), result);
    }
    return result;
  });
}

LSTMSequenceGradients lstm_sequence_backward(const Tensor& grad_output, const Tensor& grad_h, const Tensor& grad_c,
                                             const LSTMSequence& saved, const Tensor& w_hh, const Tensor& h0,
                                             const Tensor& c0, const RecurrentOptions& options) {
  constexpr const char* kOp = "lstm";
  return detail::dispatch_floating(saved.gates.dtype(), kOp, [&]<class T>() {
    const RecurrencePlan plan(saved.gates, 4, w_hh, options, kOp);
    const int64_t hidden = plan.hidden();
    const LSTMSequence values{.output = plan.checked_sequence(saved.output, hidden, "the output"),
                              .h = Tensor(),
                              .c = Tensor(),
                              .gates = plan.checked_sequence(saved.gates, 4 * hidden, "the gates"),
                              .cells = plan.checked_sequence(saved.cells, hidden, "the cells"),
                              .tanh_cells = plan.checked_sequence(saved.tanh_cells, hidden, "the cells' tanh")};
    const Tensor d_output = plan.optional_sequence(grad_output, hidden, "the gradient of the output");
    LSTMSequenceGradients result{.gate_inputs = plan.sequence(4 * hidden),
                                 .w_hh = Tensor(),
                                 .h0 = plan.state(grad_h, "the gradient of h"),
                                 .c0 = plan.state(grad_c, "the gradient of c")};
    if (plan.has_work()) {
      run_steps_backward<T>(plan, values, d_output, plan.state(c0, "c0"), detail::pack<T>(w_hh), result);
    }
    result.w_hh = plan.weight_gradient(result.gate_inputs, plan.previous_states(values.output, h0));
    return result;
  });
}

}  // namespace heed

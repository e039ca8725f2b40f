// The plain recurrence over a whole sequence.
#include <heed/tensor/detail/rnn.h>

#include <heed/tensor/create.h>

#include "core/dispatch.h"
#include "sequences/packed_weight.h"
#include "sequences/rnn_plan.h"

namespace heed {
namespace {

using detail::PackedWeight;
using detail::RecurrencePlan;
using detail::Steps;
using kernels::Rows;

/// result.output holds the gate inputs at first, result.h h0.
template <class T>
void run_steps(const RecurrencePlan& plan, const PackedWeight<T>& weight, void (*kernel)(const kernels::RNNForward<T>&),
               RNNSequence& result) {
  const int64_t hidden = plan.hidden();
  const Steps<T> outputs = plan.write<T>(result.output);
  T* states = result.h.mutable_data<T>();
  plan.count_steps();
  plan.for_row_ranges([&](int64_t begin, int64_t end) {
    const Storage workspace = weight.workspace(end - begin);
    const Rows<T> h{states + begin * hidden, hidden};
    for (int64_t i = 0; i < plan.steps(); ++i) {
      const int64_t t = plan.time(i);
      const Rows<T> gates = outputs.at(t, begin);
      weight.add_product(end - begin, {h.data, hidden}, gates, workspace);
      kernel({.range = plan.range(begin, end, t),
              .gates = {gates.data, gates.stride},
              .h_prev = {h.data, hidden},
              .h = h,
              .output = gates});
    }
  });
}

template <class T>
void run_steps_backward(const RecurrencePlan& plan, const Tensor& output, const Tensor& grad_output,
                        const PackedWeight<T>& weight, void (*kernel)(const kernels::RNNBackward<T>&),
                        RNNSequenceGradients& result) {
  const int64_t hidden = plan.hidden();
  const Steps<const T> outputs = plan.read<T>(output);
  const Steps<const T> d_outputs = plan.read<T>(grad_output);
  const Steps<T> d_gates = plan.write<T>(result.gate_inputs);
  T* d_states = result.h0.mutable_data<T>();
  plan.count_steps();
  plan.for_row_ranges([&](int64_t begin, int64_t end) {
    const Storage workspace = weight.workspace(end - begin);
    const Rows<T> dh{d_states + begin * hidden, hidden};
    for (int64_t i = plan.steps() - 1; i >= 0; --i) {
      const int64_t t = plan.time(i);
      const Rows<T> d_gate = d_gates.at(t, begin);
      kernel({.range = plan.range(begin, end, t),
              .h = outputs.at(t, begin),
              .d_output = d_outputs.at(t, begin),
              .dh = dh,
              .d_gates = d_gate});
      weight.add_product(end - begin, {d_gate.data, d_gate.stride}, dh, workspace);
    }
  });
}

}  // namespace

RNNSequence rnn_sequence(Tensor gate_inputs, const Tensor& w_hh, const Tensor& h0, Nonlinearity nonlinearity,
                         const RecurrentOptions& options) {
  return detail::dispatch_floating(gate_inputs.dtype(), "rnn", [&]<class T>() {
    const RecurrencePlan plan(gate_inputs, 1, w_hh, options, "rnn");
    Tensor h = plan.state(h0, "h0");
    RNNSequence result{plan.own_sequence(std::move(gate_inputs)), std::move(h)};
    if (plan.has_work()) {
      const kernels::RNNKernels<T>& table = kernels::rnn().get<T>();
      run_steps<T>(plan, detail::pack_transposed<T>(w_hh),
                   nonlinearity == Nonlinearity::tanh ? table.rnn_tanh : table.rnn_relu, result);
    }
    return result;
  });
}

RNNSequenceGradients rnn_sequence_backward(const Tensor& grad_output, const Tensor& grad_h, const RNNSequence& saved,
                                           const Tensor& w_hh, const Tensor& h0, Nonlinearity nonlinearity,
                                           const RecurrentOptions& options) {
  constexpr const char* kOp = "rnn";
  return detail::dispatch_floating(saved.output.dtype(), kOp, [&]<class T>() {
    const RecurrencePlan plan(saved.output, 1, w_hh, options, kOp);
    const Tensor d_output = plan.optional_sequence(grad_output, plan.hidden(), "the gradient of the output");
    const Tensor output = plan.checked_sequence(saved.output, plan.hidden(), "the output");
    RNNSequenceGradients result{plan.sequence(plan.hidden()), Tensor(), plan.state(grad_h, "the gradient of h")};
    if (plan.has_work()) {
      const kernels::RNNKernels<T>& table = kernels::rnn().get<T>();
      run_steps_backward<T>(plan, output, d_output, detail::pack<T>(w_hh),
                            nonlinearity == Nonlinearity::tanh ? table.rnn_tanh_backward : table.rnn_relu_backward,
                            result);
    }
    result.w_hh = plan.weight_gradient(result.gate_inputs, plan.previous_states(output, h0));
    return result;
  });
}

}  // namespace heed

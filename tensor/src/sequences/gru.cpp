// The GRU recurrence over a whole sequence.
#include <heed/tensor/create.h>
#include <heed/tensor/detail/rnn.h>
#include <heed/tensor/reduce.h>

#include "core/dispatch.h"
#include "core/require.h"
#include "sequences/packed_weight.h"
#include "sequences/rnn_plan.h"

namespace heed {
namespace {

using detail::RecurrencePlan;
using detail::Steps;
using detail::TwoChainWeight;
using kernels::Rows;

/// result.h holds h0 at first and the last states at the end; `bias` is (3H) or undefined.
template <class T>
void run_steps(const RecurrencePlan& plan, const TwoChainWeight<T>& weight, const Tensor& bias, GRUSequence& result) {
  const int64_t hidden = plan.hidden();
  const Steps<T> gates = plan.write<T>(result.gates), outputs = plan.write<T>(result.output);
  const Steps<T> recurrents = plan.write<T>(result.recurrent);
  const T* b_hh = bias.defined() ? bias.data<T>() : nullptr;
  T* states = result.h.mutable_data<T>();
  const auto kernel = kernels::rnn().get<T>().gru;
  plan.count_steps();
  plan.for_row_ranges([&](int64_t begin, int64_t end) {
    const Storage workspace = weight.workspace(end - begin);
    const Rows<T> h{states + begin * hidden, hidden};
    for (int64_t i = 0; i < plan.steps(); ++i) {
      const int64_t t = plan.time(i);
      const Rows<T> recurrent = recurrents.at(t, begin);
      weight.set_product(end - begin, {h.data, hidden}, recurrent, workspace);
      kernel({.range = plan.range(begin, end, t),
              .gates = gates.at(t, begin),
              .recurrent = recurrent,
              .recurrent_bias = b_hh,
              .h_prev = {h.data, hidden},
              .h = h,
              .output = outputs.at(t, begin)});
    }
  });
}

/// result.h0 holds the gradient of the last states at first and that of h0 at the end.
template <class T>
void run_steps_backward(const RecurrencePlan& plan, const GRUSequence& saved, const Tensor& previous,
                        const Tensor& grad_output, const TwoChainWeight<T>& weight, Tensor& d_recurrent,
                        GRUSequenceGradients& result) {
  const int64_t hidden = plan.hidden();
  const Steps<const T> gates = plan.read<T>(saved.gates), recurrents = plan.read<T>(saved.recurrent);
  const Steps<const T> starts = plan.read<T>(previous), d_outputs = plan.read<T>(grad_output);
  const Steps<T> d_gates = plan.write<T>(result.gate_inputs);
  const Steps<T> d_recurrents = plan.write<T>(d_recurrent);
  T* d_h = result.h0.mutable_data<T>();
  const auto kernel = kernels::rnn().get<T>().gru_backward;
  plan.count_steps();
  plan.for_row_ranges([&](int64_t begin, int64_t end) {
    const int64_t rows = end - begin;
    const Storage workspace = weight.workspace(rows);
    const Storage scratch = Storage::allocate(rows * hidden * static_cast<int64_t>(sizeof(T)));
    const Rows<T> dh{d_h + begin * hidden, hidden}, product{reinterpret_cast<T*>(scratch.data()), hidden};
    for (int64_t i = plan.steps() - 1; i >= 0; --i) {
      const int64_t t = plan.time(i);
      const Rows<T> d_sum = d_recurrents.at(t, begin);
      kernel({.range = plan.range(begin, end, t),
              .gates = gates.at(t, begin),
              .recurrent = recurrents.at(t, begin),
              .h_prev = starts.at(t, begin),
              .d_output = d_outputs.at(t, begin),
              .d_product = {i == plan.steps() - 1 ? nullptr : product.data, hidden},
              .dh = dh,
              .d_gates = d_gates.at(t, begin),
              .d_recurrent = d_sum});
      weight.set_product(rows, {d_sum.data, d_sum.stride}, product, workspace);
    }
    for (int64_t j = 0; j < rows * hidden; ++j) {
      dh.data[j] += product.data[j];
    }
  });
}

}  // namespace

GRUSequence gru_sequence(Tensor gate_inputs, const Tensor& w_hh, const Tensor& b_hh, const Tensor& h0,
                         const RecurrentOptions& options) {
  return detail::dispatch_floating(gate_inputs.dtype(), "gru", [&]<class T>() {
    const RecurrencePlan plan(gate_inputs, 3, w_hh, options, "gru");
    Tensor bias;
    if (b_hh.defined()) {
      detail::require_same_dtype(gate_inputs, b_hh, plan.op());
      detail::require_shape(b_hh, {3 * plan.hidden()}, plan.op(), "b_hh");
      bias = contiguous(b_hh);
    }
    GRUSequence result{.output = plan.sequence(plan.hidden()),
                       .h = plan.state(h0, "h0"),
                       .gates = plan.own_sequence(std::move(gate_inputs)),
                       .recurrent = plan.sequence(3 * plan.hidden())};
    if (plan.has_work()) {
      run_steps<T>(plan, detail::pack_transposed<T, TwoChainWeight<T>>(w_hh), bias, result);
    }
    return result;
  });
}

GRUSequenceGradients gru_sequence_backward(const Tensor& grad_output, const Tensor& grad_h, const GRUSequence& saved,
                                           const Tensor& w_hh, const Tensor& h0, const RecurrentOptions& options) {
  constexpr const char* kOp = "gru";
  return detail::dispatch_floating(saved.gates.dtype(), kOp, [&]<class T>() {
    const RecurrencePlan plan(saved.gates, 3, w_hh, options, kOp);
    const int64_t hidden = plan.hidden();
    const GRUSequence values{.output = plan.checked_sequence(saved.output, hidden, "the output"),
                             .h = Tensor(),
                             .gates = plan.checked_sequence(saved.gates, 3 * hidden, "the gates"),
                             .recurrent = plan.checked_sequence(saved.recurrent, 3 * hidden, "the recurrent terms")};
    const Tensor d_output = plan.optional_sequence(grad_output, hidden, "the gradient of the output");
    const Tensor previous = plan.previous_states(values.output, h0);
    GRUSequenceGradients result{.gate_inputs = plan.sequence(3 * hidden),
                                .w_hh = Tensor(),
                                .b_hh = Tensor(),
                                .h0 = plan.state(grad_h, "the gradient of h")};
    Tensor d_recurrent = plan.sequence(3 * hidden);
    if (plan.has_work()) {
      run_steps_backward<T>(plan, values, previous, d_output, detail::pack<T, TwoChainWeight<T>>(w_hh), d_recurrent,
                            result);
    }
    result.w_hh = plan.weight_gradient(d_recurrent, previous);
    result.b_hh = sum(plan.flat(d_recurrent), {0});
    return result;
  });
}

}  // namespace heed

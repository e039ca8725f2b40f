// Recurrences in elementary operations, step after step: what the fused ones are tested against, and what is
// differentiated where gradients of gradients are wanted.
#include <heed/autograd/detail/composites.h>
#include <heed/autograd/detail/step_by_step.h>
#include <heed/autograd/elementwise.h>
#include <heed/autograd/index.h>
#include <heed/autograd/matmul.h>
#include <heed/autograd/rnn.h>
#include <heed/autograd/view.h>
#include <heed/tensor/create.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>
#include <heed/tensor/index.h>
#include <heed/tensor/reduce.h>

#include "activation.h"
#include "recurrent.h"

namespace heed {
namespace detail {

StepByStep step_by_step(const Variable& gate_inputs, std::vector<Variable> states, const RecurrentOptions& options,
                        const RecurrentStep& step) {
  const int64_t axis = options.batch_first ? 1 : 0, count = gate_inputs.size(axis), rows = gate_inputs.size(1 - axis);
  Variable inputs = gate_inputs;
  Tensor padding;  // (T, B, 1), or (B, T, 1)
  if (options.lengths.defined()) {
    check<ShapeError>(options.lengths.shape() == Shape{rows}, "step_by_step", "lengths must be ", Shape{rows}, ", got ",
                      options.lengths.shape());
    const Tensor outside = logical_or(lt(options.lengths, 0), gt(options.lengths, count));
    check(!any(outside, {0}).item<bool>(), "step_by_step", "lengths must be between 0 and ", count);
    padding = padding_mask(options.lengths, count);
    padding = unsqueeze(options.batch_first ? padding : transpose(padding, 0, 1), 2);
    inputs = masked_fill(inputs, padding, 0);
  }
  const std::vector<Variable> each = unbind(inputs, axis);
  std::vector<Variable> outputs(each.size());
  for (int64_t i = 0; i < count; ++i) {
    const int64_t t = options.reverse ? count - 1 - i : i;
    std::vector<Variable> next = step(t, each[static_cast<size_t>(t)], states);
    check(!next.empty() && next.size() == states.size(), "CellDescription", "step() must give ", states.size(),
          " states, got ", next.size());
    if (!padding.defined()) {
      outputs[static_cast<size_t>(t)] = next[0];
    } else {
      const Tensor ended = select(padding, axis, t);
      outputs[static_cast<size_t>(t)] = masked_fill(next[0], ended, 0);
      for (size_t k = 0; k < next.size(); ++k) {
        next[k] = where(ended, states[k], next[k]);
      }
    }
    states = std::move(next);
  }
  // Of no steps nothing, as part of the graph.
  Variable output = outputs.empty() ? narrow(gate_inputs, 2, 0, states[0].size(1)) : stack(outputs, axis);
  return {std::move(output), std::move(states)};
}

namespace {

Variable state_or_zeros(const Variable& state, const Variable& gate_inputs, const Variable& w_hh,
                        const RecurrentOptions& options) {
  const int64_t rows = gate_inputs.size(options.batch_first ? 0 : 1);
  return state.defined() ? state : Variable(zeros({rows, w_hh.size(1)}, gate_inputs.dtype()));
}

/// Step t of the values of a recurrence's gates, which are 0 past a sequence's end; undefined where those are.
Tensor step_of(const Tensor& gates, int64_t t, const RecurrentOptions& options) {
  return gates.defined() ? select(gates, options.batch_first ? 1 : 0, t) : Tensor();
}

/// (B, count · H) as `count` times (B, H).
template <class T>
std::vector<T> parts(const T& gates, int64_t count) {
  return gates.defined() ? split(gates, std::vector<int64_t>(static_cast<size_t>(count), gates.size(1) / count), 1)
                         : std::vector<T>(static_cast<size_t>(count));
}

}  // namespace

LSTMState lstm_step(const Variable& sum, const Variable& c, const Tensor& gates) {
  const std::vector<Variable> x = parts(sum, 4);
  const std::vector<Tensor> known = parts(gates, 4);
  const Variable i = sigmoid_of(x[0], known[0]), f = sigmoid_of(x[1], known[1]);
  const Variable g = tanh_of(x[2], known[2]), o = sigmoid_of(x[3], known[3]);
  const Variable next = f * c + i * g;
  return {o * tanh(next), next};
}

}  // namespace detail

using detail::state_or_zeros;
using detail::step_of;

RecurrentResult rnn_composite(const Variable& gate_inputs, const Variable& h0, const Variable& w_hh,
                              Nonlinearity nonlinearity, const RecurrentOptions& options, const Tensor& gates) {
  const auto squash = nonlinearity == Nonlinearity::tanh ? detail::tanh_of : detail::relu_of;
  detail::StepByStep all =
      detail::step_by_step(gate_inputs, {state_or_zeros(h0, gate_inputs, w_hh, options)}, options,
                           [&](int64_t t, const Variable& input, const std::vector<Variable>& states) {
                             return std::vector{squash(input + linear(states[0], w_hh), step_of(gates, t, options))};
                           });
  return {std::move(all.output), std::move(all.states[0])};
}

LSTMResult lstm_composite(const Variable& gate_inputs, const Variable& h0, const Variable& c0, const Variable& w_hh,
                          const RecurrentOptions& options, const Tensor& gates) {
  detail::StepByStep all = detail::step_by_step(
      gate_inputs, {state_or_zeros(h0, gate_inputs, w_hh, options), state_or_zeros(c0, gate_inputs, w_hh, options)},
      options, [&](int64_t t, const Variable& input, const std::vector<Variable>& states) {
        const LSTMState next =
            detail::lstm_step(input + linear(states[0], w_hh), states[1], step_of(gates, t, options));
        return std::vector{next.h, next.c};
      });
  return {std::move(all.output), std::move(all.states[0]), std::move(all.states[1])};
}

RecurrentResult gru_composite(const Variable& gate_inputs, const Variable& h0, const Variable& w_hh,
                              const Variable& b_hh, const RecurrentOptions& options, const Tensor& gates) {
  detail::StepByStep all =
      detail::step_by_step(gate_inputs, {state_or_zeros(h0, gate_inputs, w_hh, options)}, options,
                           [&](int64_t t, const Variable& input, const std::vector<Variable>& states) {
                             const std::vector<Variable> in = detail::parts(input, 3);
                             const std::vector<Variable> from_h = detail::parts(linear(states[0], w_hh, b_hh), 3);
                             const std::vector<Tensor> values = detail::parts(step_of(gates, t, options), 3);
                             const Variable r = detail::sigmoid_of(in[0] + from_h[0], values[0]);
                             const Variable z = detail::sigmoid_of(in[1] + from_h[1], values[1]);
                             const Variable n = detail::tanh_of(in[2] + r * from_h[2], values[2]);
                             return std::vector{(1.0 - z) * n + z * states[0]};
                           });
  return {std::move(all.output), std::move(all.states[0])};
}

}  // namespace heed

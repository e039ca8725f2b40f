// Recurrences in elementary operations, step after step: what the fused ones are tested against, and what is
// differentiated where gradients of gradients are wanted.
#include <heed/autograd/elementwise.h>
#include <heed/autograd/index.h>
#include <heed/autograd/matmul.h>
#include <heed/autograd/reduce.h>
#include <heed/autograd/rnn.h>
#include <heed/autograd/view.h>
#include <heed/tensor/create.h>
#include <heed/tensor/index.h>

#include "recurrent.h"

namespace heed {
namespace {

/// The steps of a sequence in the order of time, and which sequences take part in each.
struct Steps {
  std::vector<Variable> gate_inputs;  // of each step, (B, G·H)
  Tensor padding;                     // (T, B, 1), or undefined
  bool reverse;

  Steps(const Variable& x, const Variable& w_ih, const Variable& bias, const RecurrentOptions& options)
      : reverse(options.reverse) {
    Variable input = x;
    if (options.lengths.defined()) {
      padding = unsqueeze(transpose(padding_mask(options.lengths, x.size(0)), 0, 1), 2);
      input = masked_fill(x, padding, 0);
    }
    gate_inputs = unbind(linear(input, w_ih, bias), 0);
  }

  /// The step that is number `i` in time.
  int64_t at(int64_t i) const { return reverse ? count() - 1 - i : i; }
  int64_t count() const { return static_cast<int64_t>(gate_inputs.size()); }
  const Variable& inputs(int64_t t) const { return gate_inputs[static_cast<size_t>(t)]; }

  /// `next` for sequences that have a step t, `previous` for the others.
  Variable chosen(int64_t t, const Variable& next, const Variable& previous) const {
    return padding.defined() ? where(select(padding, 0, t), previous, next) : next;
  }
  Variable output(int64_t t, const Variable& h) const {
    return padding.defined() ? masked_fill(h, select(padding, 0, t), 0) : h;
  }
};

Variable state_or_zeros(const Variable& state, const Variable& x, const RecurrentWeights& weights) {
  return state.defined() ? state : Variable(zeros({x.size(1), weights.w_hh.size(1)}, x.dtype()));
}

Variable sum_of_biases(const RecurrentWeights& weights) {
  if (weights.b_ih.defined() && weights.b_hh.defined()) {
    return weights.b_ih + weights.b_hh;
  }
  return weights.b_ih.defined() ? weights.b_ih : weights.b_hh;
}

/// The outputs of all steps, (T, B, H); of none where there are no steps.
Variable stacked(const std::vector<Variable>& outputs, const Variable& h) {
  if (outputs.empty()) {
    return zeros({0, h.size(0), h.size(1)}, h.dtype());
  }
  return stack(outputs, 0);
}

}  // namespace

RecurrentResult rnn_composite(const Variable& x, const Variable& h0, const RecurrentWeights& weights,
                              Nonlinearity nonlinearity, const RecurrentOptions& options) {
  detail::check_recurrent("rnn_composite", x, weights, 1, options.ids);
  const Variable sequence = detail::sequence_of(x, options.ids);
  const Steps steps(sequence, weights.w_ih, sum_of_biases(weights), options);
  Variable h = state_or_zeros(h0, sequence, weights);
  std::vector<Variable> outputs(steps.gate_inputs.size());
  for (int64_t i = 0; i < steps.count(); ++i) {
    const int64_t t = steps.at(i);
    const Variable gate = steps.inputs(t) + linear(h, weights.w_hh);
    h = steps.chosen(t, nonlinearity == Nonlinearity::tanh ? tanh(gate) : relu(gate), h);
    outputs[static_cast<size_t>(t)] = steps.output(t, h);
  }
  return {stacked(outputs, h), h};
}

LSTMResult lstm_composite(const Variable& x, const Variable& h0, const Variable& c0, const RecurrentWeights& weights,
                          const RecurrentOptions& options) {
  detail::check_recurrent("lstm_composite", x, weights, 4, options.ids);
  const Variable sequence = detail::sequence_of(x, options.ids);
  const Steps steps(sequence, weights.w_ih, sum_of_biases(weights), options);
  Variable h = state_or_zeros(h0, sequence, weights), c = state_or_zeros(c0, sequence, weights);
  const int64_t size = h.size(1);
  std::vector<Variable> outputs(steps.gate_inputs.size());
  for (int64_t i = 0; i < steps.count(); ++i) {
    const int64_t t = steps.at(i);
    const std::vector<Variable> gates = split(steps.inputs(t) + linear(h, weights.w_hh), {size, size, size, size}, 1);
    const Variable next = sigmoid(gates[1]) * c + sigmoid(gates[0]) * tanh(gates[2]);
    h = steps.chosen(t, sigmoid(gates[3]) * tanh(next), h);
    c = steps.chosen(t, next, c);
    outputs[static_cast<size_t>(t)] = steps.output(t, h);
  }
  return {stacked(outputs, h), h, c};
}

RecurrentResult gru_composite(const Variable& x, const Variable& h0, const RecurrentWeights& weights,
                              const RecurrentOptions& options) {
  detail::check_recurrent("gru_composite", x, weights, 3, options.ids);
  const Variable sequence = detail::sequence_of(x, options.ids);
  const Steps steps(sequence, weights.w_ih, weights.b_ih, options);
  Variable h = state_or_zeros(h0, sequence, weights);
  const std::vector<int64_t> thirds(3, h.size(1));
  std::vector<Variable> outputs(steps.gate_inputs.size());
  for (int64_t i = 0; i < steps.count(); ++i) {
    const int64_t t = steps.at(i);
    const std::vector<Variable> in = split(steps.inputs(t), thirds, 1);
    const std::vector<Variable> from_h = split(linear(h, weights.w_hh, weights.b_hh), thirds, 1);
    const Variable r = sigmoid(in[0] + from_h[0]), z = sigmoid(in[1] + from_h[1]);
    const Variable n = tanh(in[2] + r * from_h[2]);
    h = steps.chosen(t, (1.0 - z) * n + z * h, h);
    outputs[static_cast<size_t>(t)] = steps.output(t, h);
  }
  return {stacked(outputs, h), h};
}

}  // namespace heed

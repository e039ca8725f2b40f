// Recurrences over a whole sequence: one node each.
#include <heed/autograd/rnn.h>
#include <heed/tensor/detail/operation_scope.h>

#include <heed/autograd/backward.h>
#include <heed/autograd/detail/composites.h>
#include <heed/autograd/grad_mode.h>
#include <heed/autograd/node.h>

#include "recurrent.h"

namespace heed {
namespace {

using detail::value_or_none;

/// Inputs of the node: gate_inputs, h0, w_hh.
Gradients rnn_backward(const BackwardContext& context, const detail::RecurrentCall& call, Nonlinearity nonlinearity) {
  const detail::RecurrentCall::Unpacked kept = call.unpack(context);
  const RNNSequence sequence{kept.computed[0], Tensor()};
  if (grad_enabled()) {
    return composite_backward(context, kept.inputs, [&](const std::vector<Variable>& in) {
      const RecurrentResult r = rnn_composite(in[0], in[1], in[2], nonlinearity, kept.options, sequence.output);
      return std::vector{r.output, r.h};
    });
  }
  const RNNSequenceGradients gradients =
      rnn_sequence_backward(detail::grad_or_none(context, 0), detail::grad_or_none(context, 1), sequence,
                            kept.inputs[2].value(), value_or_none(kept.inputs[1]), nonlinearity, kept.options);
  return {gradients.gate_inputs, gradients.h0, gradients.w_hh};
}

/// Inputs of the node: gate_inputs, h0, c0, w_hh.
Gradients lstm_backward(const BackwardContext& context, const detail::RecurrentCall& call) {
  const detail::RecurrentCall::Unpacked kept = call.unpack(context);
  const LSTMSequence sequence{.output = kept.computed[0],
                              .h = Tensor(),
                              .c = Tensor(),
                              .gates = kept.computed[1],
                              .cells = kept.computed[2],
                              .tanh_cells = kept.computed[3]};
  if (grad_enabled()) {
    return composite_backward(context, kept.inputs, [&](const std::vector<Variable>& in) {
      const LSTMResult r = lstm_composite(in[0], in[1], in[2], in[3], kept.options, sequence.gates);
      return std::vector{r.output, r.h, r.c};
    });
  }
  const LSTMSequenceGradients gradients = lstm_sequence_backward(
      detail::grad_or_none(context, 0), detail::grad_or_none(context, 1), detail::grad_or_none(context, 2), sequence,
      kept.inputs[3].value(), value_or_none(kept.inputs[1]), value_or_none(kept.inputs[2]), kept.options);
  return {gradients.gate_inputs, gradients.h0, gradients.c0, gradients.w_hh};
}

/// Inputs of the node: gate_inputs, h0, w_hh, b_hh.
Gradients gru_backward(const BackwardContext& context, const detail::RecurrentCall& call) {
  const detail::RecurrentCall::Unpacked kept = call.unpack(context);
  const GRUSequence sequence{
      .output = kept.computed[0], .h = Tensor(), .gates = kept.computed[1], .recurrent = kept.computed[2]};
  if (grad_enabled()) {
    return composite_backward(context, kept.inputs, [&](const std::vector<Variable>& in) {
      const RecurrentResult r = gru_composite(in[0], in[1], in[2], in[3], kept.options, sequence.gates);
      return std::vector{r.output, r.h};
    });
  }
  const GRUSequenceGradients gradients =
      gru_sequence_backward(detail::grad_or_none(context, 0), detail::grad_or_none(context, 1), sequence,
                            kept.inputs[2].value(), value_or_none(kept.inputs[1]), kept.options);
  return {gradients.gate_inputs, gradients.h0, gradients.w_hh, gradients.b_hh};
}

}  // namespace

RecurrentResult rnn(Variable gate_inputs, const Variable& h0, const Variable& w_hh, Nonlinearity nonlinearity,
                    const RecurrentOptions& options) {
  const detail::OperationScope operation("rnn");
  const RNNSequence sequence =
      rnn_sequence(detail::take_value(gate_inputs), w_hh.value(), value_or_none(h0), nonlinearity, options);
  const std::vector<Variable> inputs{detail::with_value(std::move(gate_inputs), sequence.output), h0, w_hh};
  std::vector<Variable> outputs =
      make_variables("rnn", {sequence.output, sequence.h}, inputs,
                     [call = detail::RecurrentCall(inputs, options, {sequence.output}), nonlinearity](
                         const BackwardContext& context) { return rnn_backward(context, call, nonlinearity); });
  return {outputs[0], outputs[1]};
}

LSTMResult lstm(Variable gate_inputs, const Variable& h0, const Variable& c0, const Variable& w_hh,
                const RecurrentOptions& options) {
  const detail::OperationScope operation("lstm");
  const LSTMSequence sequence =
      lstm_sequence(detail::take_value(gate_inputs), w_hh.value(), value_or_none(h0), value_or_none(c0), options);
  const std::vector<Variable> inputs{detail::with_value(std::move(gate_inputs), sequence.gates), h0, c0, w_hh};
  std::vector<Variable> outputs =
      make_variables("lstm", {sequence.output, sequence.h, sequence.c}, inputs,
                     [call = detail::RecurrentCall(inputs, options, {sequence.output},
                                                   {sequence.gates, sequence.cells, sequence.tanh_cells})](
                         const BackwardContext& context) { return lstm_backward(context, call); });
  return {outputs[0], outputs[1], outputs[2], sequence.gates, sequence.cells};
}

RecurrentResult gru(Variable gate_inputs, const Variable& h0, const Variable& w_hh, const Variable& b_hh,
                    const RecurrentOptions& options) {
  const detail::OperationScope operation("gru");
  const GRUSequence sequence =
      gru_sequence(detail::take_value(gate_inputs), w_hh.value(), value_or_none(b_hh), value_or_none(h0), options);
  const std::vector<Variable> inputs{detail::with_value(std::move(gate_inputs), sequence.gates), h0, w_hh, b_hh};
  std::vector<Variable> outputs = make_variables(
      "gru", {sequence.output, sequence.h}, inputs,
      [call = detail::RecurrentCall(inputs, options, {sequence.output}, {sequence.gates, sequence.recurrent})](
          const BackwardContext& context) { return gru_backward(context, call); });
  return {outputs[0], outputs[1], sequence.gates};
}

}  // namespace heed

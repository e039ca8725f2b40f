// LSTM over a whole sequence: one node.
#include <heed/autograd/backward.h>
#include <heed/autograd/grad_mode.h>
#include <heed/autograd/node.h>
#include <heed/autograd/rnn.h>

#include "recurrent.h"

namespace heed {
namespace {

using detail::value_or_none;

/// Inputs of the node: gate_inputs, h0, c0, w_hh.
Gradients backward_of(const BackwardContext& context, const detail::RecurrentCall& call) {
  const detail::RecurrentCall::Unpacked kept = call.unpack(context);
  const LSTMSequence sequence{.output = kept.computed[0],
                              .h = Tensor(),
                              .c = Tensor(),
                              .gates = kept.computed[1],
                              .cells = kept.computed[2],
                              .tanh_cells = kept.computed[3]};
  if (grad_enabled()) {
    return composite_backward(context, kept.inputs, [&](const std::vector<Variable>& in) {
      return detail::lstm_steps(in[0], in[1], in[2], in[3], kept.options, sequence.gates);
    });
  }
  const LSTMSequenceGradients gradients = lstm_sequence_backward(
      detail::grad_or_none(context, 0), detail::grad_or_none(context, 1), detail::grad_or_none(context, 2), sequence,
      kept.inputs[3].value(), value_or_none(kept.inputs[1]), value_or_none(kept.inputs[2]), kept.options);
  return {gradients.gate_inputs, gradients.h0, gradients.c0, gradients.w_hh};
}

}  // namespace

LSTMResult lstm(Variable gate_inputs, const Variable& h0, const Variable& c0, const Variable& w_hh,
                const RecurrentOptions& options) {
  const LSTMSequence sequence =
      lstm_sequence(detail::take_value(gate_inputs), w_hh.value(), value_or_none(h0), value_or_none(c0), options);
  const std::vector<Variable> inputs{detail::with_value(std::move(gate_inputs), sequence.gates), h0, c0, w_hh};
  std::vector<Variable> outputs =
      make_variables("lstm", {sequence.output, sequence.h, sequence.c}, inputs,
                     [call = detail::RecurrentCall(inputs, options, {sequence.output},
                                                   {sequence.gates, sequence.cells, sequence.tanh_cells})](
                         const BackwardContext& context) { return backward_of(context, call); });
  return {outputs[0], outputs[1], outputs[2]};
}

}  // namespace heed

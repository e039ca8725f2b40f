// GRU over a whole sequence: one node.
#include <heed/autograd/backward.h>
#include <heed/autograd/grad_mode.h>
#include <heed/autograd/node.h>
#include <heed/autograd/rnn.h>

#include "recurrent.h"

namespace heed {
namespace {

using detail::value_or_none;

/// Inputs of the node: gate_inputs, h0, w_hh, b_hh.
Gradients backward_of(const BackwardContext& context, const detail::RecurrentCall& call) {
  const detail::RecurrentCall::Unpacked kept = call.unpack(context);
  const GRUSequence sequence{
      .output = kept.computed[0], .h = Tensor(), .gates = kept.computed[1], .recurrent = kept.computed[2]};
  if (grad_enabled()) {
    return composite_backward(context, kept.inputs, [&](const std::vector<Variable>& in) {
      return detail::gru_steps(in[0], in[1], in[2], in[3], kept.options, sequence.gates);
    });
  }
  const GRUSequenceGradients gradients =
      gru_sequence_backward(detail::grad_or_none(context, 0), detail::grad_or_none(context, 1), sequence,
                            kept.inputs[2].value(), value_or_none(kept.inputs[1]), kept.options);
  return {gradients.gate_inputs, gradients.h0, gradients.w_hh, gradients.b_hh};
}

}  // namespace

RecurrentResult gru(Variable gate_inputs, const Variable& h0, const Variable& w_hh, const Variable& b_hh,
                    const RecurrentOptions& options) {
  const GRUSequence sequence =
      gru_sequence(detail::take_value(gate_inputs), w_hh.value(), value_or_none(b_hh), value_or_none(h0), options);
  const std::vector<Variable> inputs{detail::with_value(std::move(gate_inputs), sequence.gates), h0, w_hh, b_hh};
  std::vector<Variable> outputs = make_variables(
      "gru", {sequence.output, sequence.h}, inputs,
      [call = detail::RecurrentCall(inputs, options, {sequence.output}, {sequence.gates, sequence.recurrent})](
          const BackwardContext& context) { return backward_of(context, call); });
  return {outputs[0], outputs[1]};
}

}  // namespace heed

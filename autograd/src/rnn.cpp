// The plain recurrence over a whole sequence: one node.
#include <heed/autograd/rnn.h>

#include <heed/autograd/backward.h>
#include <heed/autograd/grad_mode.h>
#include <heed/autograd/node.h>

#include "recurrent.h"

namespace heed {
namespace {

using detail::value_or_none;

/// Inputs of the node: gate_inputs, h0, w_hh.
Gradients backward_of(const BackwardContext& context, const detail::RecurrentCall& call, Nonlinearity nonlinearity) {
  const detail::RecurrentCall::Unpacked kept = call.unpack(context);
  const RNNSequence sequence{kept.computed[0], Tensor()};
  if (grad_enabled()) {
    return composite_backward(context, kept.inputs, [&](const std::vector<Variable>& in) {
      return detail::rnn_steps(in[0], in[1], in[2], nonlinearity, kept.options, sequence.output);
    });
  }
  const RNNSequenceGradients gradients =
      rnn_sequence_backward(detail::grad_or_none(context, 0), detail::grad_or_none(context, 1), sequence,
                            kept.inputs[2].value(), value_or_none(kept.inputs[1]), nonlinearity, kept.options);
  return {gradients.gate_inputs, gradients.h0, gradients.w_hh};
}

}  // namespace

RecurrentResult rnn(Variable gate_inputs, const Variable& h0, const Variable& w_hh, Nonlinearity nonlinearity,
                    const RecurrentOptions& options) {
  const RNNSequence sequence =
      rnn_sequence(detail::take_value(gate_inputs), w_hh.value(), value_or_none(h0), nonlinearity, options);
  const std::vector<Variable> inputs{detail::with_value(std::move(gate_inputs), sequence.output), h0, w_hh};
  std::vector<Variable> outputs =
      make_variables("rnn", {sequence.output, sequence.h}, inputs,
                     [call = detail::RecurrentCall(inputs, options, {sequence.output}), nonlinearity](
                         const BackwardContext& context) { return backward_of(context, call, nonlinearity); });
  return {outputs[0], outputs[1]};
}

}  // namespace heed

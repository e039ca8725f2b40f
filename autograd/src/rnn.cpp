// The plain recurrence over a whole sequence: one node.
#include <heed/autograd/rnn.h>

#include <heed/autograd/backward.h>
#include <heed/autograd/grad_mode.h>
#include <heed/autograd/node.h>
#include <heed/autograd/view.h>

#include "recurrent.h"

namespace heed {
namespace {

using detail::value_or_none;

/// Inputs of the node: gate_inputs, h0, w_hh.
Gradients backward_of(const BackwardContext& context, const detail::RecurrentCall& call, Nonlinearity nonlinearity,
                      const Saved& output) {
  const std::vector<Variable> inputs = call.inputs(context);
  const RecurrentOptions options = call.options(context);
  const RNNSequence sequence{output.unpack(context).value(), Tensor()};
  if (grad_enabled()) {
    return composite_backward(context, inputs, [&](const std::vector<Variable>& x) {
      return detail::rnn_steps(x[0], x[1], x[2], nonlinearity, options, sequence.output);
    });
  }
  const RNNSequenceGradients gradients =
      rnn_sequence_backward(detail::grad_or_none(context, 0), detail::grad_or_none(context, 1), sequence,
                            inputs[2].value(), value_or_none(inputs[1]), nonlinearity, options);
  return {gradients.gate_inputs, gradients.h0, gradients.w_hh};
}

}  // namespace

RecurrentResult rnn(Variable gate_inputs, const Variable& h0, const Variable& w_hh, Nonlinearity nonlinearity,
                    const RecurrentOptions& options) {
  const RNNSequence sequence =
      rnn_sequence(gate_inputs.value(), w_hh.value(), value_or_none(h0), nonlinearity, options);
  const std::vector<Variable> inputs{detail::with_value(std::move(gate_inputs), sequence.output), h0, w_hh};
  std::vector<Variable> outputs = make_variables(
      "rnn", {sequence.output, sequence.h}, inputs,
      [call = detail::RecurrentCall(inputs, options), nonlinearity, output = Saved::output(sequence.output, 0)](
          const BackwardContext& context) { return backward_of(context, call, nonlinearity, output); });
  return {outputs[0], outputs[1]};
}

Variable rnn_cell(Variable gate_inputs, const Variable& h, const Variable& w_hh, Nonlinearity nonlinearity) {
  return rnn(unsqueeze(gate_inputs, 0), h, w_hh, nonlinearity).h;
}

}  // namespace heed

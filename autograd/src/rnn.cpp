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

Gradients backward_of(const BackwardContext& context, const detail::RecurrentCall& call, Nonlinearity nonlinearity,
                      const Saved& output) {
  const std::vector<Variable> inputs = call.unpack(context);
  const RecurrentOptions options = call.options(context);
  if (grad_enabled()) {
    return composite_backward(context, inputs, [&](const std::vector<Variable>& x) {
      const RecurrentResult result = rnn_composite(x[0], x[5], detail::weights_of(x), nonlinearity, options);
      return std::vector{result.output, result.h};
    });
  }
  RNNSequence sequence;
  sequence.output = output.unpack(context).value();
  const RNNSequenceGradients gradients = rnn_sequence_backward(
      detail::grad_or_none(context, 0), detail::grad_or_none(context, 1), sequence, inputs[2].value(),
      value_or_none(inputs[5]), nonlinearity, options.lengths, options.reverse);
  Gradients result = detail::input_gradients(context, gradients.gate_inputs, inputs, options);
  result[2] = gradients.w_hh;
  result[4] = detail::bias_gradient(context, gradients.gate_inputs, result[3]);
  result[5] = gradients.h0;
  return result;
}

}  // namespace

RecurrentResult rnn(const Variable& x, const Variable& h0, const RecurrentWeights& weights, Nonlinearity nonlinearity,
                    const RecurrentOptions& options) {
  detail::check_recurrent("rnn", x, weights, 1, options.ids);
  const Tensor bias = detail::joint_bias(weights.b_ih, weights.b_hh);
  const RNNSequence sequence =
      rnn_sequence(detail::gate_inputs(x.value(), options.ids, weights.w_ih.value(), bias), weights.w_hh.value(),
                   value_or_none(h0), nonlinearity, options.lengths, options.reverse);
  const std::vector<Variable> inputs{x, weights.w_ih, weights.w_hh, weights.b_ih, weights.b_hh, h0};
  std::vector<Variable> outputs = make_variables(
      "rnn", {sequence.output, sequence.h}, inputs,
      [call = detail::RecurrentCall(inputs, options), nonlinearity, output = Saved::output(sequence.output, 0)](
          const BackwardContext& context) { return backward_of(context, call, nonlinearity, output); });
  return {outputs[0], outputs[1]};
}

Variable rnn_cell(const Variable& x, const Variable& h, const RecurrentWeights& weights, Nonlinearity nonlinearity) {
  return rnn(unsqueeze(x, 0), h, weights, nonlinearity).h;
}

}  // namespace heed

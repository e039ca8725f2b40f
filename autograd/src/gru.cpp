// GRU over a whole sequence: one node.
#include <heed/autograd/backward.h>
#include <heed/autograd/grad_mode.h>
#include <heed/autograd/node.h>
#include <heed/autograd/rnn.h>
#include <heed/autograd/view.h>

#include "recurrent.h"

namespace heed {
namespace {

using detail::value_or_none;

/// What gru_sequence() computed beside its outputs.
struct Kept {
  Saved output, gates, recurrent;

  explicit Kept(const GRUSequence& sequence)
      : output(Saved::output(sequence.output, 0)),
        gates(Saved::data(sequence.gates)),
        recurrent(Saved::data(sequence.recurrent)) {}
  GRUSequence unpack(const BackwardContext& context) const {
    GRUSequence sequence;
    sequence.output = output.unpack(context).value();
    sequence.gates = gates.unpack(context).value();
    sequence.recurrent = recurrent.unpack(context).value();
    return sequence;
  }
};

Gradients backward_of(const BackwardContext& context, const detail::RecurrentCall& call, const Kept& kept) {
  const std::vector<Variable> inputs = call.unpack(context);
  const RecurrentOptions options = call.options(context);
  if (grad_enabled()) {
    return composite_backward(context, inputs, [&](const std::vector<Variable>& x) {
      const RecurrentResult result = gru_composite(x[0], x[5], detail::weights_of(x), options);
      return std::vector{result.output, result.h};
    });
  }
  const GRUSequenceGradients gradients =
      gru_sequence_backward(detail::grad_or_none(context, 0), detail::grad_or_none(context, 1), kept.unpack(context),
                            inputs[2].value(), value_or_none(inputs[5]), options.lengths, options.reverse);
  Gradients result = detail::input_gradients(context, gradients.gate_inputs, inputs, options);
  result[2] = gradients.w_hh;
  result[4] = gradients.b_hh;
  result[5] = gradients.h0;
  return result;
}

}  // namespace

RecurrentResult gru(const Variable& x, const Variable& h0, const RecurrentWeights& weights,
                    const RecurrentOptions& options) {
  detail::check_recurrent("gru", x, weights, 3, options.ids);
  const GRUSequence sequence = gru_sequence(
      detail::gate_inputs(x.value(), options.ids, weights.w_ih.value(), value_or_none(weights.b_ih)),
      weights.w_hh.value(), value_or_none(weights.b_hh), value_or_none(h0), options.lengths, options.reverse);
  const std::vector<Variable> inputs{x, weights.w_ih, weights.w_hh, weights.b_ih, weights.b_hh, h0};
  std::vector<Variable> outputs =
      make_variables("gru", {sequence.output, sequence.h}, inputs,
                     [call = detail::RecurrentCall(inputs, options), kept = Kept(sequence)](
                         const BackwardContext& context) { return backward_of(context, call, kept); });
  return {outputs[0], outputs[1]};
}

Variable gru_cell(const Variable& x, const Variable& h, const RecurrentWeights& weights) {
  return gru(unsqueeze(x, 0), h, weights).h;
}

}  // namespace heed

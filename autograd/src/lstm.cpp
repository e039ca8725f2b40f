// LSTM over a whole sequence: one node.
#include <heed/autograd/backward.h>
#include <heed/autograd/grad_mode.h>
#include <heed/autograd/node.h>
#include <heed/autograd/rnn.h>
#include <heed/autograd/view.h>

#include "recurrent.h"

namespace heed {
namespace {

using detail::value_or_none;

/// What lstm_sequence() computed beside its outputs.
struct Kept {
  Saved output, gates, cells, tanh_cells;

  explicit Kept(const LSTMSequence& sequence)
      : output(Saved::output(sequence.output, 0)),
        gates(Saved::data(sequence.gates)),
        cells(Saved::data(sequence.cells)),
        tanh_cells(Saved::data(sequence.tanh_cells)) {}
  LSTMSequence unpack(const BackwardContext& context) const {
    LSTMSequence sequence;
    sequence.output = output.unpack(context).value();
    sequence.gates = gates.unpack(context).value();
    sequence.cells = cells.unpack(context).value();
    sequence.tanh_cells = tanh_cells.unpack(context).value();
    return sequence;
  }
};

Gradients backward_of(const BackwardContext& context, const detail::RecurrentCall& call, const Kept& kept) {
  const std::vector<Variable> inputs = call.unpack(context);
  const RecurrentOptions options = call.options(context);
  if (grad_enabled()) {
    return composite_backward(context, inputs, [&](const std::vector<Variable>& x) {
      const LSTMResult result = lstm_composite(x[0], x[5], x[6], detail::weights_of(x), options);
      return std::vector{result.output, result.h, result.c};
    });
  }
  const LSTMSequenceGradients gradients =
      lstm_sequence_backward(detail::grad_or_none(context, 0), detail::grad_or_none(context, 1),
                             detail::grad_or_none(context, 2), kept.unpack(context), inputs[2].value(),
                             value_or_none(inputs[5]), value_or_none(inputs[6]), options.lengths, options.reverse);
  Gradients result = detail::input_gradients(context, gradients.gate_inputs, inputs, options);
  result[2] = gradients.w_hh;
  result[4] = detail::bias_gradient(context, gradients.gate_inputs, result[3]);
  result[5] = gradients.h0;
  result[6] = gradients.c0;
  return result;
}

}  // namespace

LSTMResult lstm(const Variable& x, const Variable& h0, const Variable& c0, const RecurrentWeights& weights,
                const RecurrentOptions& options) {
  detail::check_recurrent("lstm", x, weights, 4, options.ids);
  const Tensor bias = detail::joint_bias(weights.b_ih, weights.b_hh);
  const LSTMSequence sequence =
      lstm_sequence(detail::gate_inputs(x.value(), options.ids, weights.w_ih.value(), bias), weights.w_hh.value(),
                    value_or_none(h0), value_or_none(c0), options.lengths, options.reverse);
  const std::vector<Variable> inputs{x, weights.w_ih, weights.w_hh, weights.b_ih, weights.b_hh, h0, c0};
  std::vector<Variable> outputs =
      make_variables("lstm", {sequence.output, sequence.h, sequence.c}, inputs,
                     [call = detail::RecurrentCall(inputs, options), kept = Kept(sequence)](
                         const BackwardContext& context) { return backward_of(context, call, kept); });
  return {outputs[0], outputs[1], outputs[2]};
}

LSTMState lstm_cell(const Variable& x, const LSTMState& state, const RecurrentWeights& weights) {
  const LSTMResult result = lstm(unsqueeze(x, 0), state.h, state.c, weights);
  return {result.h, result.c};
}

}  // namespace heed

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

/// Inputs of the node: gate_inputs, h0, c0, w_hh.
Gradients backward_of(const BackwardContext& context, const detail::RecurrentCall& call, const Kept& kept) {
  const std::vector<Variable> inputs = call.inputs(context);
  const RecurrentOptions options = call.options(context);
  const LSTMSequence sequence = kept.unpack(context);
  if (grad_enabled()) {
    return composite_backward(context, inputs, [&](const std::vector<Variable>& x) {
      return detail::lstm_steps(x[0], x[1], x[2], x[3], options, sequence.gates);
    });
  }
  const LSTMSequenceGradients gradients = lstm_sequence_backward(
      detail::grad_or_none(context, 0), detail::grad_or_none(context, 1), detail::grad_or_none(context, 2), sequence,
      inputs[3].value(), value_or_none(inputs[1]), value_or_none(inputs[2]), options);
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
                     [call = detail::RecurrentCall(inputs, options), kept = Kept(sequence)](
                         const BackwardContext& context) { return backward_of(context, call, kept); });
  return {outputs[0], outputs[1], outputs[2]};
}

LSTMState lstm_cell(Variable gate_inputs, const LSTMState& state, const Variable& w_hh) {
  Variable sequence = unsqueeze(std::exchange(gate_inputs, Variable()), 0);
  const LSTMResult result = lstm(std::move(sequence), state.h, state.c, w_hh);
  return {result.h, result.c};
}

}  // namespace heed

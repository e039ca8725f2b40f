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

/// Inputs of the node: gate_inputs, h0, w_hh, b_hh.
Gradients backward_of(const BackwardContext& context, const detail::RecurrentCall& call, const Kept& kept) {
  const std::vector<Variable> inputs = call.inputs(context);
  const RecurrentOptions options = call.options(context);
  const GRUSequence sequence = kept.unpack(context);
  if (grad_enabled()) {
    return composite_backward(context, inputs, [&](const std::vector<Variable>& x) {
      return detail::gru_steps(x[0], x[1], x[2], x[3], options, sequence.gates);
    });
  }
  const GRUSequenceGradients gradients =
      gru_sequence_backward(detail::grad_or_none(context, 0), detail::grad_or_none(context, 1), sequence,
                            inputs[2].value(), value_or_none(inputs[1]), options);
  return {gradients.gate_inputs, gradients.h0, gradients.w_hh, gradients.b_hh};
}

}  // namespace

RecurrentResult gru(Variable gate_inputs, const Variable& h0, const Variable& w_hh, const Variable& b_hh,
                    const RecurrentOptions& options) {
  const GRUSequence sequence =
      gru_sequence(detail::take_value(gate_inputs), w_hh.value(), value_or_none(b_hh), value_or_none(h0), options);
  const std::vector<Variable> inputs{detail::with_value(std::move(gate_inputs), sequence.gates), h0, w_hh, b_hh};
  std::vector<Variable> outputs =
      make_variables("gru", {sequence.output, sequence.h}, inputs,
                     [call = detail::RecurrentCall(inputs, options), kept = Kept(sequence)](
                         const BackwardContext& context) { return backward_of(context, call, kept); });
  return {outputs[0], outputs[1]};
}

Variable gru_cell(Variable gate_inputs, const Variable& h, const Variable& w_hh, const Variable& b_hh) {
  Variable sequence = unsqueeze(std::exchange(gate_inputs, Variable()), 0);
  return gru(std::move(sequence), h, w_hh, b_hh).h;
}

}  // namespace heed

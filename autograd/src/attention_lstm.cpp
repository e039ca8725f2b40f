// The attending LSTM over a whole target: one node, and the same in elementary operations.
#include <heed/autograd/attention_lstm.h>
#include <heed/autograd/detail/composites.h>

#include <heed/autograd/attention.h>
#include <heed/autograd/backward.h>
#include <heed/autograd/elementwise.h>
#include <heed/autograd/grad_mode.h>
#include <heed/autograd/index.h>
#include <heed/autograd/matmul.h>
#include <heed/autograd/node.h>
#include <heed/autograd/reduce.h>
#include <heed/autograd/softmax.h>
#include <heed/autograd/view.h>
#include <heed/tensor/create.h>
#include <heed/tensor/detail/attention_lstm.h>
#include <heed/tensor/detail/operation_scope.h>

#include "recurrent.h"

namespace heed {
namespace {

using detail::value_or_none;

/// Places of the node's inputs.
enum Place : size_t { kGates, kH, kC, kMemory, kKeys, kHidden, kContext, kQuery, kDirection };

/// All but the gate inputs.
AttentionLSTMInputs values_of(const std::vector<Variable>& inputs, const Tensor& mask) {
  return {.gate_inputs = Tensor(),
          .memory = inputs[kMemory].value(),
          .keys = inputs[kKeys].value(),
          .mask = mask,
          .h0 = value_or_none(inputs[kH]),
          .c0 = value_or_none(inputs[kC]),
          .w_hh = inputs[kHidden].value(),
          .w_context = inputs[kContext].value(),
          .w_query = inputs[kQuery].value(),
          .direction = inputs[kDirection].value()};
}

/// The outputs, {output, context, weights, h, c}; `gates`, where defined, are the values of the cell's gates, and gate
/// inputs are then not looked at.
std::vector<Variable> steps(const std::vector<Variable>& inputs, const Tensor& mask, const Tensor& gates) {
  const Variable& gate_inputs = inputs[kGates];
  const Variable zero = zeros({gate_inputs.size(1), inputs[kHidden].size(1)}, gate_inputs.dtype());
  const Variable& memory = inputs[kMemory];
  const Tensor hidden = mask.defined() ? unsqueeze(mask, 1) : Tensor();
  // A score's gradient is 0 where it is hidden, and 0 · NaN would be NaN.
  const Variable keys = mask.defined() ? masked_fill(inputs[kKeys], unsqueeze(mask, 2), 0) : inputs[kKeys];
  LSTMState state{inputs[kH].defined() ? inputs[kH] : zero, inputs[kC].defined() ? inputs[kC] : zero};
  std::vector<Variable> outputs, contexts, rows;
  for (const Variable& input : unbind(gate_inputs, 0)) {
    const Variable query = unsqueeze(linear(state.h, inputs[kQuery]), 1);
    const AttentionResult seen = attend(additive_scores(query, keys, inputs[kDirection]), memory, hidden);
    contexts.push_back(squeeze(seen.output, 1));
    rows.push_back(squeeze(seen.weights, 1));
    const Variable sum = input + linear(contexts.back(), inputs[kContext]) + linear(state.h, inputs[kHidden]);
    const auto t = static_cast<int64_t>(outputs.size());
    state = detail::lstm_step(sum, state.c, gates.defined() ? select(gates, 0, t) : Tensor());
    outputs.push_back(state.h);
  }
  if (outputs.empty()) {  // of no steps nothing, as part of the graph
    const auto none = [](const Variable& x) { return narrow(unsqueeze(x, 0), 0, 0, 0); };
    return {narrow(gate_inputs, 2, 0, zero.size(1)), none(sum(memory, {1})), none(sum(memory, {2})), state.h, state.c};
  }
  return {stack(outputs, 0), stack(contexts, 0), stack(rows, 0), state.h, state.c};
}

Gradients backward_of(const BackwardContext& context, const detail::RecurrentCall& call, const Saved& hidden) {
  const detail::RecurrentCall::Unpacked kept = call.unpack(context);
  const std::vector<Tensor>& computed = kept.computed;
  const Tensor mask = value_or_none(hidden.unpack(context));
  if (grad_enabled()) {
    return composite_backward(context, kept.inputs,
                              [&](const std::vector<Variable>& x) { return steps(x, mask, computed[3]); });
  }
  const AttentionLSTMOutputGradients given{.output = detail::grad_or_none(context, 0),
                                           .context = detail::grad_or_none(context, 1),
                                           .weights = detail::grad_or_none(context, 2),
                                           .h = detail::grad_or_none(context, 3),
                                           .c = detail::grad_or_none(context, 4)};
  const AttentionLSTMGradients gradients = attention_lstm_sequence_backward(given,
                                                                            {.output = computed[0],
                                                                             .context = computed[1],
                                                                             .weights = computed[2],
                                                                             .h = Tensor(),
                                                                             .c = Tensor(),
                                                                             .gates = computed[3],
                                                                             .cells = computed[4],
                                                                             .tanh_cells = computed[5],
                                                                             .queries = computed[6]},
                                                                            values_of(kept.inputs, mask));
  return {gradients.gate_inputs, gradients.h0,        gradients.c0,      gradients.memory,   gradients.keys,
          gradients.w_hh,        gradients.w_context, gradients.w_query, gradients.direction};
}

std::vector<Variable> inputs_of(Variable gate_inputs, const AttentionLSTMMemory& memory, const LSTMState& start,
                                const AttentionLSTMWeights& weights) {
  return {std::move(gate_inputs), start.h,           start.c,         memory.memory,    memory.keys,
          weights.w_hh,           weights.w_context, weights.w_query, weights.direction};
}

AttentionLSTMResult result_of(const std::vector<Variable>& outputs) {
  return {outputs[0], outputs[1], outputs[2], {outputs[3], outputs[4]}};
}

}  // namespace

AttentionLSTMResult attention_lstm(Variable gate_inputs, const AttentionLSTMMemory& memory, const LSTMState& start,
                                   const AttentionLSTMWeights& weights) {
  const detail::OperationScope operation("attention_lstm");
  std::vector<Variable> inputs = inputs_of(Variable(), memory, start, weights);
  AttentionLSTMInputs values = values_of(inputs, memory.mask);
  values.gate_inputs = detail::take_value(gate_inputs);
  const AttentionLSTMSequence sequence = attention_lstm_sequence(std::move(values));
  inputs[kGates] = detail::with_value(std::move(gate_inputs), sequence.gates);
  const detail::RecurrentCall call(inputs, {}, {sequence.output, sequence.context, sequence.weights},
                                   {sequence.gates, sequence.cells, sequence.tanh_cells, sequence.queries});
  AttentionLSTMResult result = result_of(make_variables(
      "attention_lstm", {sequence.output, sequence.context, sequence.weights, sequence.h, sequence.c}, inputs,
      [call, mask = memory.mask.defined() ? Saved::data(memory.mask) : Saved()](const BackwardContext& context) {
        return backward_of(context, call, mask);
      }));
  result.gates = sequence.gates;
  result.cells = sequence.cells;
  return result;
}

AttentionLSTMResult attention_lstm_composite(const Variable& gate_inputs, const AttentionLSTMMemory& memory,
                                             const LSTMState& start, const AttentionLSTMWeights& weights) {
  return result_of(steps(inputs_of(gate_inputs, memory, start, weights), memory.mask, Tensor()));
}

}  // namespace heed

// The attending LSTM over a whole target: one node, and the same in elementary operations.
#include <heed/autograd/attention_lstm.h>

#include <heed/autograd/attention.h>
#include <heed/autograd/backward.h>
#include <heed/autograd/elementwise.h>
#include <heed/autograd/grad_mode.h>
#include <heed/autograd/index.h>
#include <heed/autograd/matmul.h>
#include <heed/autograd/node.h>
#include <heed/autograd/softmax.h>
#include <heed/autograd/view.h>
#include <heed/tensor/create.h>
#include <heed/tensor/detail/attention_lstm.h>

#include "recurrent.h"

namespace heed {
namespace {

using detail::value_or_none;

/// Places of the node's inputs; the first seven are those of an LSTM's node.
enum Place : size_t {
  kX,
  kInput,
  kHidden,
  kInputBias,
  kHiddenBias,
  kH,
  kC,
  kMemory,
  kKeys,
  kContext,
  kQuery,
  kDirection
};

AttentionLSTMWeights weights_of(const std::vector<Variable>& inputs) {
  return {inputs[kInput],   inputs[kHidden], inputs[kInputBias], inputs[kHiddenBias],
          inputs[kContext], inputs[kQuery],  inputs[kDirection]};
}

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

/// What attention_lstm_sequence() computed.
struct Kept {
  Saved output, context, weights, gates, cells, tanh_cells, queries, mask;

  Kept(const AttentionLSTMSequence& sequence, const Tensor& hidden)
      : output(Saved::output(sequence.output, 0)),
        context(Saved::output(sequence.context, 1)),
        weights(Saved::output(sequence.weights, 2)),
        gates(Saved::data(sequence.gates)),
        cells(Saved::data(sequence.cells)),
        tanh_cells(Saved::data(sequence.tanh_cells)),
        queries(Saved::data(sequence.queries)) {
    if (hidden.defined()) {
      mask = Saved::data(hidden);
    }
  }
  AttentionLSTMSequence unpack(const BackwardContext& from) const {
    return {.output = output.unpack(from).value(),
            .context = context.unpack(from).value(),
            .weights = weights.unpack(from).value(),
            .h = Tensor(),
            .c = Tensor(),
            .gates = gates.unpack(from).value(),
            .cells = cells.unpack(from).value(),
            .tanh_cells = tanh_cells.unpack(from).value(),
            .queries = queries.unpack(from).value()};
  }
};

Gradients backward_of(const BackwardContext& context, const detail::RecurrentCall& call, const Kept& kept) {
  const std::vector<Variable> inputs = call.unpack(context);
  const RecurrentOptions options = call.options(context);
  const Tensor mask = value_or_none(kept.mask.unpack(context));
  if (grad_enabled()) {
    return composite_backward(context, inputs, [&](const std::vector<Variable>& x) {
      const AttentionLSTMResult result =
          attention_lstm_composite(x[kX], {x[kMemory], x[kKeys], mask}, {x[kH], x[kC]}, weights_of(x), options.ids);
      return std::vector{result.output, result.context, result.weights, result.state.h, result.state.c};
    });
  }
  const AttentionLSTMOutputGradients given{.output = detail::grad_or_none(context, 0),
                                           .context = detail::grad_or_none(context, 1),
                                           .weights = detail::grad_or_none(context, 2),
                                           .h = detail::grad_or_none(context, 3),
                                           .c = detail::grad_or_none(context, 4)};
  const AttentionLSTMGradients gradients =
      attention_lstm_sequence_backward(given, kept.unpack(context), values_of(inputs, mask));
  Gradients result = detail::input_gradients(context, gradients.gate_inputs, inputs, options);
  result[kHidden] = gradients.w_hh;
  result[kHiddenBias] = detail::bias_gradient(context, gradients.gate_inputs, result[kInputBias]);
  result[kH] = gradients.h0;
  result[kC] = gradients.c0;
  result[kMemory] = gradients.memory;
  result[kKeys] = gradients.keys;
  result[kContext] = gradients.w_context;
  result[kQuery] = gradients.w_query;
  result[kDirection] = gradients.direction;
  return result;
}

}  // namespace

AttentionLSTMResult attention_lstm(const Variable& x, const AttentionLSTMMemory& memory, const LSTMState& start,
                                   const AttentionLSTMWeights& weights, const Tensor& ids) {
  detail::check_recurrent("attention_lstm", x, {weights.w_ih, weights.w_hh, weights.b_ih, weights.b_hh}, 4, ids);
  const std::vector<Variable> inputs{
      x,       weights.w_ih,  weights.w_hh, weights.b_ih,      weights.b_hh,    start.h,
      start.c, memory.memory, memory.keys,  weights.w_context, weights.w_query, weights.direction};
  AttentionLSTMInputs values = values_of(inputs, memory.mask);
  values.gate_inputs =
      detail::gate_inputs(x.value(), ids, weights.w_ih.value(), detail::joint_bias(weights.b_ih, weights.b_hh));
  const AttentionLSTMSequence sequence = attention_lstm_sequence(std::move(values));
  RecurrentOptions options;
  options.ids = ids;
  std::vector<Variable> outputs = make_variables(
      "attention_lstm", {sequence.output, sequence.context, sequence.weights, sequence.h, sequence.c}, inputs,
      [call = detail::RecurrentCall(inputs, options), kept = Kept(sequence, memory.mask)](
          const BackwardContext& context) { return backward_of(context, call, kept); });
  return {outputs[0], outputs[1], outputs[2], {outputs[3], outputs[4]}};
}

AttentionLSTMResult attention_lstm_composite(const Variable& x, const AttentionLSTMMemory& memory,
                                             const LSTMState& start, const AttentionLSTMWeights& weights,
                                             const Tensor& ids) {
  const RecurrentWeights cell{weights.w_ih, weights.w_hh, weights.b_ih, weights.b_hh};
  detail::check_recurrent("attention_lstm_composite", x, cell, 4, ids);
  const Variable sequence = detail::sequence_of(x, ids);
  const Variable none = Variable(zeros({sequence.size(1), weights.w_hh.size(1)}, x.dtype()));
  const bool hides = memory.mask.defined();
  const Tensor mask = hides ? unsqueeze(memory.mask, 1) : Tensor();
  // A score's gradient is 0 where it is hidden, and 0 · NaN would be NaN.
  const Variable keys = hides ? masked_fill(memory.keys, unsqueeze(memory.mask, 2), 0) : memory.keys;
  // One weight for [x; context], as the cell of a step by step decoder has it.
  const RecurrentWeights joint{cat({weights.w_ih, weights.w_context}, 1), cell.w_hh, cell.b_ih, cell.b_hh};
  LSTMState state{start.h.defined() ? start.h : none, start.c.defined() ? start.c : none};
  std::vector<Variable> outputs, contexts, rows;
  for (const Variable& input : unbind(sequence, 0)) {
    const Variable query = unsqueeze(matmul(state.h, transpose(weights.w_query, 0, 1)), 1);
    const AttentionResult seen = attend(additive_scores(query, keys, weights.direction), memory.memory, mask);
    const Variable context = squeeze(seen.output, 1);
    const LSTMResult step = lstm_composite(unsqueeze(cat({input, context}, 1), 0), state.h, state.c, joint);
    state = {step.h, step.c};
    outputs.push_back(step.h);
    contexts.push_back(context);
    rows.push_back(squeeze(seen.weights, 1));
  }
  if (outputs.empty()) {
    const auto empty_steps = [&](int64_t width) { return Variable(zeros({0, none.size(0), width}, x.dtype())); };
    return {empty_steps(none.size(1)), empty_steps(memory.memory.size(2)), empty_steps(memory.memory.size(1)), state};
  }
  return {stack(outputs, 0), stack(contexts, 0), stack(rows, 0), state};
}

}  // namespace heed

// The attending LSTM over a whole sequence, forward.
#include <heed/tensor/detail/attention_lstm.h>

#include <algorithm>

#include <heed/tensor/create.h>

#include "core/dispatch.h"
#include "kernels/softmax.h"
#include "sequences/attention_lstm_plan.h"
#include "sequences/packed_weight.h"

namespace heed {
namespace {

using detail::PackedWeight;
using detail::Steps;
using kernels::Rows;

/// The weights of the step's products.
template <class T>
struct Products {
  explicit Products(const AttentionLSTMInputs& inputs)
      : query(detail::pack_transposed<T>(inputs.w_query)),
        context(detail::pack_transposed<T>(inputs.w_context)),
        hidden(detail::pack_transposed<T>(inputs.w_hh)) {}
  PackedWeight<T> query, context, hidden;
};

/// Looks with the queries of one step: writes its weights and contexts.
template <class T>
void look(const detail::AttentionMemoryView<T>& memory, int64_t begin, int64_t end, Rows<T> queries, Rows<T> weights,
          Rows<T> contexts) {
  const auto& kernel = kernels::additive().get<T>();
  const auto softmax = kernels::softmax().get<T>().softmax;
  for (int64_t row = begin; row < end; ++row) {
    const int64_t i = row - begin;
    T* scores = weights.data + i * weights.stride;
    kernel.scores(memory.keys_shape(row), queries.data + i * queries.stride, memory.keys(row), memory.direction,
                  scores);
    softmax(scores, memory.mask(row), scores, memory.positions);
    kernel.weighted_sum(memory.shape(row), scores, memory.values(row), contexts.data + i * contexts.stride);
  }
}

/// result.h and result.c hold h0 and c0 at first, and the last states at the end.
template <class T>
void run_steps(const detail::RecurrencePlan& plan, const AttentionLSTMInputs& inputs, AttentionLSTMSequence& result) {
  const int64_t hidden = plan.hidden();
  const Products<T> products(inputs);
  const detail::AttentionMemoryView<T> memory(inputs);
  const Steps<T> gates = plan.write<T>(result.gates), outputs = plan.write<T>(result.output);
  const Steps<T> cells = plan.write<T>(result.cells), tanh_cells = plan.write<T>(result.tanh_cells);
  const Steps<T> queries = plan.write<T>(result.queries), weights = plan.write<T>(result.weights);
  const Steps<T> contexts = plan.write<T>(result.context);
  T* h_states = result.h.mutable_data<T>();
  T* c_states = result.c.mutable_data<T>();
  const auto kernel = kernels::rnn().get<T>().lstm;
  plan.count_steps(memory.cost(hidden));
  plan.for_row_ranges(
      [&](int64_t begin, int64_t end) {
        const int64_t rows = end - begin;
        const Storage query_space = products.query.workspace(rows), context_space = products.context.workspace(rows);
        const Storage hidden_space = products.hidden.workspace(rows);
        const Rows<T> h{h_states + begin * hidden, hidden};
        Rows<T> c{c_states + begin * hidden, hidden};
        for (int64_t t = 0; t < plan.steps(); ++t) {
          const Rows<T> gate = gates.at(t, begin), query = queries.at(t, begin), context = contexts.at(t, begin);
          products.query.set_product(rows, {h.data, hidden}, query, query_space);
          look(memory, begin, end, query, weights.at(t, begin), context);
          products.hidden.add_product(rows, {h.data, hidden}, gate, hidden_space);
          products.context.add_product(rows, {context.data, context.stride}, gate, context_space);
          const Rows<T> c_next = cells.at(t, begin);
          kernel({.range = plan.range(begin, end, t),
                  .gates = gate,
                  .c_prev = {c.data, c.stride},
                  .h_prev = {h.data, hidden},
                  .c = c_next,
                  .tanh_c = tanh_cells.at(t, begin),
                  .h = h,
                  .output = outputs.at(t, begin)});
          c = c_next;
        }
        for (int64_t row = 0; row < rows; ++row) {
          std::copy_n(c.data + row * c.stride, hidden, c_states + (begin + row) * hidden);
        }
      },
      memory.cost(hidden));
}

}  // namespace

AttentionLSTMSequence attention_lstm_sequence(AttentionLSTMInputs inputs) {
  constexpr const char* kOp = "attention_lstm";
  return detail::dispatch_floating(inputs.gate_inputs.dtype(), kOp, [&]<class T>() {
    const detail::RecurrencePlan plan(inputs.gate_inputs, 4, inputs.w_hh, {}, kOp);
    detail::prepare(plan, inputs);
    AttentionLSTMSequence result{.output = plan.sequence(plan.hidden()),
                                 .context = plan.sequence(inputs.memory.size(2)),
                                 .weights = plan.sequence(inputs.memory.size(1)),
                                 .h = plan.state(inputs.h0, "h0"),
                                 .c = plan.state(inputs.c0, "c0"),
                                 .gates = plan.own_sequence(std::move(inputs.gate_inputs)),
                                 .cells = plan.sequence(plan.hidden()),
                                 .tanh_cells = plan.sequence(plan.hidden()),
                                 .queries = plan.sequence(inputs.direction.size(0))};
    if (plan.steps() > 0 && plan.rows() > 0) {
      run_steps<T>(plan, inputs, result);
    }
    return result;
  });
}

}  // namespace heed

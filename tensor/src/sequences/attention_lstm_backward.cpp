// The attending LSTM over a whole sequence, backward.
#include <algorithm>

#include <heed/tensor/create.h>
#include <heed/tensor/detail/attention_lstm.h>
#include <heed/tensor/matmul.h>
#include <heed/tensor/reduce.h>
#include <heed/tensor/view.h>

#include "core/dispatch.h"
#include "kernels/softmax.h"
#include "sequences/attention_lstm_plan.h"
#include "sequences/packed_weight.h"

namespace heed {
namespace {

using detail::PackedWeight;
using detail::RecurrencePlan;
using detail::Steps;
using kernels::Rows;

/// What the steps read and write beside the gradients of the caller.
struct Work {
  Tensor d_output, d_weights;  // given, or undefined
  Tensor d_context;            // (T, B, M), the gradient of all uses of the context in the end
  Tensor d_queries;            // (T, B, A)
  Tensor d_directions;         // (B, A), of each row of the batch by itself: no sum is split over threads
};

/// From the gradient of one row's context to those of its query, keys and direction. `d_scores` is scratch.
template <class T>
void look_backward(const detail::AttentionMemoryView<T>& memory, int64_t row, const T* query, const T* weights,
                   const T* d_weights, const T* d_context, T* d_scores, T* d_query, T* d_keys, T* d_direction) {
  const auto& kernel = kernels::additive().get<T>();
  if (d_weights == nullptr) {
    std::fill_n(d_scores, memory.positions, T{0});
  } else {
    std::copy_n(d_weights, memory.positions, d_scores);
  }
  kernel.add_products(memory.shape(row), d_context, memory.values(row), d_scores);
  kernels::softmax().get<T>().softmax_backward(weights, d_scores, d_scores, memory.positions);
  kernel.scores_backward(memory.keys_shape(row), query, memory.keys(row), memory.direction, d_scores, d_query, d_keys,
                         d_direction);
}

/// The rows of each step of what is read and written.
template <class T>
struct StepViews {
  Steps<const T> gates, cells, tanh_cells, queries, weights, d_outputs, d_weights;
  Steps<T> d_contexts, d_queries, d_gates;

  StepViews(const RecurrencePlan& plan, const AttentionLSTMSequence& saved, Work& work, AttentionLSTMGradients& result)
      : gates(plan.read<T>(saved.gates)),
        cells(plan.read<T>(saved.cells)),
        tanh_cells(plan.read<T>(saved.tanh_cells)),
        queries(plan.read<T>(saved.queries)),
        weights(plan.read<T>(saved.weights)),
        d_outputs(plan.read<T>(work.d_output)),
        d_weights(plan.read<T>(work.d_weights)),
        d_contexts(plan.write<T>(work.d_context)),
        d_queries(plan.write<T>(work.d_queries)),
        d_gates(plan.write<T>(result.gate_inputs)) {}
};

/// result.h0 and result.c0 hold the gradients of the last states at first, and those of h0 and c0 at the end.
template <class T>
void run_steps_backward(const RecurrencePlan& plan, const AttentionLSTMInputs& inputs,
                        const AttentionLSTMSequence& saved, const Tensor& c0, Work& work,
                        AttentionLSTMGradients& result) {
  const int64_t hidden = plan.hidden();
  const PackedWeight<T> to_context = detail::pack<T>(inputs.w_context), to_h = detail::pack<T>(inputs.w_hh),
                        query_to_h = detail::pack<T>(inputs.w_query);
  const detail::AttentionMemoryView<T> memory(inputs);
  const StepViews<T> at(plan, saved, work, result);
  const T* c_start = c0.data<T>();
  T* d_h = result.h0.mutable_data<T>();
  T* d_c = result.c0.mutable_data<T>();
  T* d_keys = result.keys.mutable_data<T>();
  T* d_directions = work.d_directions.mutable_data<T>();
  const auto kernel = kernels::rnn().get<T>().lstm_backward;
  plan.count_steps(memory.cost(hidden));
  plan.for_row_ranges(
      [&](int64_t begin, int64_t end) {
        const int64_t rows = end - begin;
        const Storage context_space = to_context.workspace(rows), h_space = to_h.workspace(rows);
        const Storage query_space = query_to_h.workspace(rows);
        const Storage scores = Storage::allocate(memory.positions * static_cast<int64_t>(sizeof(T)));
        const Rows<T> dh{d_h + begin * hidden, hidden};
        for (int64_t t = plan.steps() - 1; t >= 0; --t) {
          const Rows<T> d_gate = at.d_gates.at(t, begin);
          kernel({.range = plan.range(begin, end, t),
                  .gates = at.gates.at(t, begin),
                  .c_prev = t > 0 ? at.cells.at(t - 1, begin) : Rows<const T>{c_start + begin * hidden, hidden},
                  .tanh_c = at.tanh_cells.at(t, begin),
                  .d_output = at.d_outputs.at(t, begin),
                  .dh = dh,
                  .dc = {d_c + begin * hidden, hidden},
                  .d_gates = d_gate});
          to_context.add_product(rows, {d_gate.data, d_gate.stride}, at.d_contexts.at(t, begin), context_space);
          for (int64_t row = begin; row < end; ++row) {
            look_backward(memory, row, at.queries.at(t, row).data, at.weights.at(t, row).data,
                          at.d_weights.at(t, row).data, static_cast<const T*>(at.d_contexts.at(t, row).data),
                          reinterpret_cast<T*>(scores.data()), at.d_queries.at(t, row).data,
                          d_keys + row * memory.positions * memory.keys_size, d_directions + row * memory.keys_size);
          }
          const Rows<T> d_query = at.d_queries.at(t, begin);
          to_h.add_product(rows, {d_gate.data, d_gate.stride}, dh, h_space);
          query_to_h.add_product(rows, {d_query.data, d_query.stride}, dh, query_space);
        }
      },
      memory.cost(hidden));
}

/// The gradients that are sums over all steps, each one product.
void sum_over_steps(const RecurrencePlan& plan, const AttentionLSTMInputs& inputs, const AttentionLSTMSequence& saved,
                    const Work& work, AttentionLSTMGradients& result) {
  const Tensor previous = plan.previous_states(saved.output, inputs.h0);
  result.w_hh = plan.weight_gradient(result.gate_inputs, previous);
  result.w_query = plan.weight_gradient(work.d_queries, previous);
  result.w_context = plan.weight_gradient(result.gate_inputs, saved.context);
  result.memory = matmul(permute(saved.weights, {1, 2, 0}), transpose(work.d_context, 0, 1));
  result.direction = sum(work.d_directions, {0});
}

}  // namespace

AttentionLSTMGradients attention_lstm_sequence_backward(const AttentionLSTMOutputGradients& grad,
                                                        const AttentionLSTMSequence& saved,
                                                        const AttentionLSTMInputs& given) {
  constexpr const char* kOp = "attention_lstm";
  return detail::dispatch_floating(saved.gates.dtype(), kOp, [&]<class T>() {
    const RecurrencePlan plan(saved.gates, 4, given.w_hh, {}, kOp);
    AttentionLSTMInputs inputs = given;
    detail::prepare(plan, inputs);
    const int64_t hidden = plan.hidden(), rows = plan.rows();
    const int64_t s = inputs.memory.size(1), m = inputs.memory.size(2), a = inputs.direction.size(0);
    const Tensor d_context = plan.optional_sequence(grad.context, m, "the gradient of the context");
    Work work{.d_output = plan.optional_sequence(grad.output, hidden, "the gradient of the output"),
              .d_weights = plan.optional_sequence(grad.weights, s, "the gradient of the weights"),
              .d_context = plan.sequence(m),
              .d_queries = plan.sequence(a),
              .d_directions = zeros({rows, a}, plan.dtype())};
    if (d_context.defined()) {
      copy_(work.d_context, d_context);
    } else {
      fill_(work.d_context, 0);
    }
    AttentionLSTMGradients result{.gate_inputs = plan.sequence(4 * hidden),
                                  .memory = Tensor(),
                                  .keys = zeros({rows, s, a}, plan.dtype()),
                                  .h0 = plan.state(grad.h, "the gradient of h"),
                                  .c0 = plan.state(grad.c, "the gradient of c"),
                                  .w_hh = Tensor(),
                                  .w_context = Tensor(),
                                  .w_query = Tensor(),
                                  .direction = Tensor()};
    if (plan.steps() > 0 && plan.rows() > 0) {
      run_steps_backward<T>(plan, inputs, saved, plan.state(inputs.c0, "c0"), work, result);
    }
    sum_over_steps(plan, inputs, saved, work, result);
    return result;
  });
}

}  // namespace heed

// BahdanauDecoder: its attention, and the whole target as one operation where there is one.
#include <heed/autograd/attention_lstm.h>
#include <heed/autograd/index.h>
#include <heed/autograd/matmul.h>
#include <heed/autograd/view.h>
#include <heed/nn/seq2seq/bahdanau_decoder.h>
#include <heed/tensor/error.h>
#include <heed/tensor/scope.h>

#include "core/hooks.h"
#include "recurrent/run_tokens.h"

namespace heed {
namespace {

/// The attention's state, which no step changes.
struct Memory {
  AttentionMemory prepared;
  void list(StateMembers& members) { members.fixed("memory", prepared); }
};

/// What a fused operation computed in the place of `part`, (B, T, …).
void record_parts(const Module& part, const std::vector<std::pair<const char*, Variable>>& values) {
  if (!detail::is_watched(part.path())) {
    return;
  }
  const NameScope scope(part.path());
  for (const auto& [name, value] : values) {
    record_only(name, value);
  }
}

}  // namespace

BahdanauDecoder::BahdanauDecoder(int64_t vocabulary, std::unique_ptr<Attention> attention,
                                 const RecurrentDecoderOptions& options)
    : AttendingDecoder("BahdanauDecoder", vocabulary, part_of(attention), options), attention_(std::move(attention)) {}

DecoderState BahdanauDecoder::prepare(const Encoding& encoding) const {
  return Memory{attention_->prepare(encoding.memory, encoding.mask)};
}

BahdanauDecoder::Seen BahdanauDecoder::attend(const Variable& query, const DecoderState& state) const {
  const AttentionOutput seen = attention_->forward(unsqueeze(query, 1), state.as<Memory>().prepared);
  return {squeeze(seen.context, 1), squeeze(seen.weights, 1), state};
}

DecoderOutput BahdanauDecoder::forward(const Tensor& target_in, const DecoderState& state) const {
  const bool is_one_lstm = cells_.size() == 1 && cells_[0]->kind() == CellKind::lstm;
  const std::optional<AdditiveScore> score = attention_->additive_score();
  const bool hooked = detail::is_hooked(attention_->path(), {"scores", "weights", "output"}) ||
                      detail::is_hooked(cells_.front()->path(), {"gates", "h", "c"}) ||
                      detail::is_hooked(embedding_.path(), {"output"}) ||
                      detail::is_hooked(dropout_.path(), {"output"});
  return is_one_lstm && score && !hooked ? forward_at_once(target_in, state, *score)
                                         : AttendingDecoder::forward(target_in, state);
}

DecoderOutput BahdanauDecoder::forward_at_once(const Tensor& target_in, const DecoderState& given,
                                               const AdditiveScore& score) const {
  const NameScope scope(path());
  check_target(target_in);
  const auto& state = given.as<State>();
  const auto& [memory, keys, mask] = state.attention.as<Memory>().prepared;
  const RecurrentWeights& cell = cells_[0]->weights();
  const Variable bias = CellKind::lstm->input_bias(cell);
  const std::vector<Variable> parts = split(cell.w_ih, {embedding_.embedding_dim(), attention_->memory_size()}, 1);
  const AttentionLSTMWeights weights{
      .w_hh = cell.w_hh, .w_context = parts[1], .w_query = score.w_query, .direction = score.direction};
  // Dropout acts on each use of an embedding; without it a row of the table is multiplied once for all its uses. The
  // operation takes the steps first: the rows of a step lie together.
  Variable gate_inputs;
  if (dropout_.active()) {
    gate_inputs = linear(transpose(dropout_.forward(embedding_.forward(target_in)), 0, 1), parts[0], bias);
  } else {
    detail::record_lookup(embedding_, target_in);
    gate_inputs = detail::linear_of_steps(embedding_, target_in, parts[0], bias);
  }
  const AttentionLSTMResult result =
      attention_lstm(std::move(gate_inputs), {memory, keys, mask}, {state.cells[0][0], state.cells[0][1]}, weights);
  const auto by_batch = [](const Variable& steps) { return transpose(steps, 0, 1); };
  const Variable seen = by_batch(result.weights), context = by_batch(result.context), output = by_batch(result.output);
  record_parts(*attention_, {{"weights", seen}, {"output", context}});
  record_parts(*cells_[0], {{"gates", by_batch(result.gates)}, {"h", output}, {"c", by_batch(result.cells)}});
  return {record("output", output_.forward(dropout_.forward(cat({output, context}, -1)))), seen};
}

}  // namespace heed

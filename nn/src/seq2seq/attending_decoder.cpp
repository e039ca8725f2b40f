// AttendingDecoder: a loop over the target, with embeddings and logits of all steps at once.
#include <heed/nn/seq2seq/attending_decoder.h>

#include <heed/autograd/index.h>
#include <heed/tensor/error.h>
#include <heed/tensor/scope.h>

#include "recurrent/cell_stack.h"
#include "recurrent/state_bridge.h"
#include "seq2seq/check_stack.h"

namespace heed {

AttendingDecoder::AttendingDecoder(const char* kind, int64_t vocabulary, const Part& attention,
                                   const RecurrentDecoderOptions& options)
    : layers_(options.stack.layers.num_layers),
      embedding_(vocabulary, options.stack.embedding),
      dropout_(options.stack.layers.dropout),
      cells_(detail::make_cell_stack(kind, options.stack.cell, options.stack.embedding + attention.memory_size,
                                     options.stack.hidden, layers_)),
      bridge_(
          std::make_unique<detail::StateBridge>(options.stack.cell, layers_, options.state_size, options.stack.hidden)),
      output_(options.stack.hidden + attention.memory_size, vocabulary) {
  check(attention.module != nullptr, kind, "needs an attention, got a null pointer");
  detail::check_decoder_stack(kind, options.stack, attention.query_size);
  check(!options.stack.layers.locked_dropout && options.stack.layers.recurrent_dropout == 0, kind,
        "takes neither locked_dropout nor recurrent_dropout: its cells go step by step");
  register_module("embedding", embedding_);
  register_module("dropout", dropout_);
  for (int64_t layer = 0; layer < layers_; ++layer) {
    register_module("cell_l" + std::to_string(layer), cells_->module(layer));
  }
  register_module("bridge", *bridge_);
  register_module("attention", *attention.module);
  register_module("output", output_);
}

AttendingDecoder::~AttendingDecoder() = default;

void AttendingDecoder::State::list(StateMembers& members) {
  members.changing("cells", cells);
  attention.list(members);
}

DecoderState AttendingDecoder::start(const Encoding& encoding) {
  const NameScope scope(path());
  return State{bridge_->forward(encoding.state), prepare(encoding)};
}

AttendingDecoder::Advanced AttendingDecoder::advance(const Variable& input, const State& state) {
  const auto top = static_cast<size_t>(layers_ - 1);
  Seen seen = attend(state.cells[top], state.attention);
  std::vector<Variable> cells = cells_->step(cat({input, seen.context}, -1), state.cells, dropout_);
  Variable features = cat({cells[top], seen.context}, -1);
  return {std::move(features), std::move(seen.weights), {std::move(cells), std::move(seen.state)}};
}

DecoderStep AttendingDecoder::step(const Tensor& tokens, const DecoderState& state) {
  const NameScope scope(path());
  Advanced next = advance(dropout_.forward(embedding_.forward(tokens)), state.as<State>());
  return {output_.forward(dropout_.forward(next.features)), std::move(next.weights), std::move(next.state)};
}

DecoderOutput AttendingDecoder::forward(const Tensor& target_in, const DecoderState& state) {
  const NameScope scope(path());
  check_target(target_in);
  std::vector<Variable> features, weights;
  State current = state.as<State>();
  for (const Variable& input : unbind(dropout_.forward(embedding_.forward(target_in)), 1)) {
    Advanced next = advance(input, current);
    features.push_back(std::move(next.features));
    weights.push_back(std::move(next.weights));
    current = std::move(next.state);
  }
  return {output_.forward(dropout_.forward(stack(features, 1))), stack(weights, 1)};
}

}  // namespace heed

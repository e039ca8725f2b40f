// AttendingDecoder: a loop over the target, with embeddings and logits of all steps at once.
#include <heed/nn/seq2seq/attending_decoder.h>

#include <heed/autograd/index.h>
#include <heed/tensor/error.h>
#include <heed/tensor/scope.h>

#include "recurrent/cell_stack.h"
#include "recurrent/state_bridge.h"

namespace heed {

AttendingDecoder::AttendingDecoder(const char* kind, int64_t vocabulary, const Part& attention,
                                   const RecurrentDecoderOptions& options)
    : kind_(kind),
      layers_(options.layers),
      embedding_(vocabulary, options.embedding),
      dropout_(options.dropout),
      cells_(detail::make_cell_stack(kind, options.cell, options.embedding + attention.memory_size, options.hidden,
                                     options.layers)),
      bridge_(std::make_unique<detail::StateBridge>(options.cell, options.layers, options.state_size, options.hidden)),
      output_(options.hidden + attention.memory_size, vocabulary),
      states_(static_cast<size_t>(detail::state_count(options.cell, options.layers))) {
  check(attention.query_size == options.hidden, kind, "the attention's queries must be of size ", options.hidden,
        ", got ", attention.query_size);
  register_module("embedding", embedding_);
  register_module("dropout", dropout_);
  for (int64_t layer = 0; layer < layers_; ++layer) {
    register_module("cell_l" + std::to_string(layer), cells_->module(layer));
  }
  register_module("bridge", *bridge_);
  register_module("attention", attention.module);
  register_module("output", output_);
}

AttendingDecoder::~AttendingDecoder() = default;

std::vector<Variable> AttendingDecoder::first_states(const Encoding& encoding) {
  return bridge_->forward(encoding.state);
}

void AttendingDecoder::check_target(const Tensor& target_in) const {
  check<ShapeError>(target_in.rank() == 2 && target_in.size(1) >= 1, kind_,
                    "target must be (B, T) with at least one step, got ", target_in.shape());
}

AttendingDecoder::Advanced AttendingDecoder::advance(const Variable& input, const std::vector<Variable>& changing,
                                                     const DecoderState& state) {
  const auto top = static_cast<size_t>(layers_ - 1);
  const auto carried = changing.begin() + static_cast<std::ptrdiff_t>(states_);
  Seen seen = attend(changing[top], {carried, changing.end()}, state);
  Advanced next;
  next.changing = cells_->step(cat({input, seen.context}, -1), {changing.begin(), carried}, dropout_);
  next.features = cat({next.changing[top], seen.context}, -1);
  next.weights = std::move(seen.weights);
  next.changing.insert(next.changing.end(), seen.carried.begin(), seen.carried.end());
  return next;
}

DecoderStep AttendingDecoder::step(const Tensor& tokens, const DecoderState& state) {
  const NameScope scope(path());
  Advanced next = advance(dropout_.forward(embedding_.forward(tokens)), state.changing, state);
  return {output_.forward(dropout_.forward(next.features)),
          std::move(next.weights),
          {std::move(next.changing), state.fixed, state.mask}};
}

DecoderOutput AttendingDecoder::forward(const Tensor& target_in, const DecoderState& state) {
  const NameScope scope(path());
  check_target(target_in);
  std::vector<Variable> features, weights, changing = state.changing;
  for (const Variable& input : unbind(dropout_.forward(embedding_.forward(target_in)), 1)) {
    Advanced next = advance(input, changing, state);
    features.push_back(std::move(next.features));
    weights.push_back(std::move(next.weights));
    changing = std::move(next.changing);
  }
  return {output_.forward(dropout_.forward(stack(features, 1))), stack(weights, 1)};
}

}  // namespace heed

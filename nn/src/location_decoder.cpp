// LocationDecoder: a loop over the target that carries the attention's weights along.
#include <heed/autograd/index.h>
#include <heed/autograd/view.h>
#include <heed/nn/location_decoder.h>
#include <heed/tensor/error.h>
#include <heed/tensor/scope.h>

#include "cell_stack.h"
#include "state_bridge.h"

namespace heed {
namespace {

std::unique_ptr<LocationAttention> checked(std::unique_ptr<LocationAttention> attention, int64_t hidden) {
  check(attention != nullptr, "LocationDecoder", "needs an attention, got a null pointer");
  check(attention->query_size() == hidden, "LocationDecoder", "the attention's queries must be of size ", hidden,
        ", got ", attention->query_size());
  return attention;
}

LocationMemory memory_of(const DecoderState& state) {
  return {{state.fixed[0], state.fixed[1], state.mask}, state.fixed[2], state.fixed[3]};
}

}  // namespace

LocationDecoder::LocationDecoder(int64_t vocabulary, std::unique_ptr<LocationAttention> attention,
                                 const RecurrentDecoderOptions& options, bool truncated)
    : layers_(options.layers),
      truncated_(truncated),
      embedding_(vocabulary, options.embedding),
      dropout_(options.dropout),
      attention_(checked(std::move(attention), options.hidden)),
      cells_(detail::make_cell_stack(options.cell, options.embedding + attention_->memory_size(), options.hidden,
                                     options.layers)),
      bridge_(std::make_unique<detail::StateBridge>(options.cell, options.layers, options.state_size, options.hidden)),
      output_(options.hidden + attention_->memory_size(), vocabulary) {
  register_module("embedding", embedding_);
  register_module("dropout", dropout_);
  for (int64_t layer = 0; layer < layers_; ++layer) {
    register_module("cell_l" + std::to_string(layer), cells_->module(layer));
  }
  register_module("bridge", *bridge_);
  register_module("attention", *attention_);
  register_module("output", output_);
}

LocationDecoder::~LocationDecoder() = default;

DecoderState LocationDecoder::start(const Encoding& encoding) {
  const NameScope scope(path());
  const LocationMemory prepared = attention_->prepare(encoding.memory, encoding.mask);
  DecoderState state;
  state.changing = bridge_->forward(encoding.state);
  LocationState first = attention_->start(prepared);
  state.changing.insert(state.changing.end(), {std::move(first.weights), std::move(first.shift)});
  state.fixed = {prepared.content.memory, prepared.content.keys, prepared.targets, prepared.marks};
  state.mask = prepared.content.mask;
  return state;
}

LocationDecoder::Advanced LocationDecoder::advance(const Variable& input, const std::vector<Variable>& changing,
                                                   const LocationMemory& memory) {
  const auto top = static_cast<size_t>(layers_ - 1);
  const auto own = changing.end() - 2;
  const LocationOutput seen = attention_->forward(changing[top], memory, {own[0], own[1]});
  const std::vector<Variable> states(changing.begin(), own);
  Advanced next;
  next.changing = cells_->step(cat({input, seen.context}, -1), states, dropout_);
  next.features = cat({next.changing[top], seen.context}, -1);
  next.weights = seen.state.weights;
  const Variable left_at = truncated_ ? seen.state.weights.detach() : seen.state.weights;
  next.changing.insert(next.changing.end(), {left_at, seen.state.shift});
  return next;
}

DecoderStep LocationDecoder::step(const Tensor& tokens, const DecoderState& state) {
  const NameScope scope(path());
  const Variable input = dropout_.forward(embedding_.forward(tokens));
  Advanced next = advance(input, state.changing, memory_of(state));
  return {output_.forward(dropout_.forward(next.features)),
          std::move(next.weights),
          {std::move(next.changing), state.fixed, state.mask}};
}

DecoderOutput LocationDecoder::forward(const Tensor& target_in, const DecoderState& state) {
  const NameScope scope(path());
  check<ShapeError>(target_in.rank() == 2 && target_in.size(1) >= 1, "Decoder",
                    "target must be (B, T) with at least one step, got ", target_in.shape());
  const LocationMemory memory = memory_of(state);
  std::vector<Variable> features;
  std::vector<Variable> weights;
  std::vector<Variable> changing = state.changing;
  for (const Variable& input : unbind(dropout_.forward(embedding_.forward(target_in)), 1)) {
    Advanced next = advance(input, changing, memory);
    features.push_back(std::move(next.features));
    weights.push_back(std::move(next.weights));
    changing = std::move(next.changing);
  }
  return {output_.forward(dropout_.forward(stack(features, 1))), stack(weights, 1)};
}

}  // namespace heed

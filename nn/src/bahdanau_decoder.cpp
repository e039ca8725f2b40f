// BahdanauDecoder: a loop over the target, with embeddings and logits of all steps at once.
#include <typeinfo>

#include <heed/autograd/attention_lstm.h>
#include <heed/autograd/index.h>
#include <heed/autograd/view.h>
#include <heed/nn/bahdanau_decoder.h>
#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/scope.h>

#include "cell_stack.h"
#include "state_bridge.h"

namespace heed {
namespace {

std::unique_ptr<Attention> checked(std::unique_ptr<Attention> attention, int64_t hidden) {
  check(attention != nullptr, "BahdanauDecoder", "needs an attention, got a null pointer");
  check(attention->query_size() == hidden, "BahdanauDecoder", "the attention's queries must be of size ", hidden,
        ", got ", attention->query_size());
  return attention;
}

}  // namespace

BahdanauDecoder::BahdanauDecoder(int64_t vocabulary, std::unique_ptr<Attention> attention,
                                 const RecurrentDecoderOptions& options)
    : layers_(options.layers),
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
  if (layers_ == 1) {
    lstm_ = dynamic_cast<LSTMCell*>(&cells_->module(0));
  }
  const Attention& kind = *attention_;
  if (typeid(kind) == typeid(AdditiveAttention)) {  // a class derived from it may score otherwise
    additive_ = static_cast<AdditiveAttention*>(attention_.get());
  }
}

BahdanauDecoder::~BahdanauDecoder() = default;

DecoderState BahdanauDecoder::start(const Encoding& encoding) {
  const NameScope scope(path());
  const AttentionMemory prepared = attention_->prepare(encoding.memory, encoding.mask);
  return {bridge_->forward(encoding.state), {prepared.memory, prepared.keys}, prepared.mask};
}

BahdanauDecoder::Advanced BahdanauDecoder::advance(const Variable& input, const std::vector<Variable>& states,
                                                   const DecoderState& fixed) {
  const Variable& top = states[static_cast<size_t>(layers_ - 1)];
  const AttentionOutput seen = attention_->forward(unsqueeze(top, 1), {fixed.fixed[0], fixed.fixed[1], fixed.mask});
  const Variable context = squeeze(seen.context, 1);
  Advanced next;
  next.states = cells_->step(cat({input, context}, -1), states, dropout_);
  next.features = cat({next.states[static_cast<size_t>(layers_ - 1)], context}, -1);
  next.weights = squeeze(seen.weights, 1);
  return next;
}

DecoderStep BahdanauDecoder::step(const Tensor& tokens, const DecoderState& state) {
  const NameScope scope(path());
  const Variable input = dropout_.forward(embedding_.forward(tokens));
  Advanced next = advance(input, state.changing, state);
  return {output_.forward(dropout_.forward(next.features)),
          std::move(next.weights),
          {std::move(next.states), state.fixed, state.mask}};
}

DecoderOutput BahdanauDecoder::forward(const Tensor& target_in, const DecoderState& state) {
  const NameScope scope(path());
  check<ShapeError>(target_in.rank() == 2 && target_in.size(1) >= 1, "Decoder",
                    "target must be (B, T) with at least one step, got ", target_in.shape());
  if (lstm_ != nullptr && additive_ != nullptr) {
    return forward_at_once(target_in, state);
  }
  const std::vector<Variable> inputs = unbind(dropout_.forward(embedding_.forward(target_in)), 1);
  std::vector<Variable> features;
  std::vector<Variable> weights;
  std::vector<Variable> states = state.changing;
  for (const Variable& input : inputs) {
    Advanced next = advance(input, states, state);
    features.push_back(std::move(next.features));
    weights.push_back(std::move(next.weights));
    states = std::move(next.states);
  }
  return {output_.forward(dropout_.forward(stack(features, 1))), stack(weights, 1)};
}

DecoderOutput BahdanauDecoder::forward_at_once(const Tensor& target_in, const DecoderState& state) {
  const RecurrentWeights& cell = lstm_->weights();
  const std::vector<Variable> parts = split(cell.w_ih, {embedding_.embedding_dim(), attention_->memory_size()}, 1);
  const AttentionLSTMWeights weights{.w_ih = parts[0],
                                     .w_hh = cell.w_hh,
                                     .b_ih = cell.b_ih,
                                     .b_hh = cell.b_hh,
                                     .w_context = parts[1],
                                     .w_query = additive_->query_weight(),
                                     .direction = additive_->direction()};
  // Dropout acts on each use of an embedding; without it they can be looked up in a table.
  const bool drops = dropout_.active();
  const Variable x = drops ? transpose(dropout_.forward(embedding_.forward(target_in)), 0, 1) : embedding_.weight();
  const AttentionLSTMResult result =
      attention_lstm(x, {state.fixed[0], state.fixed[1], state.mask}, {state.changing[0], state.changing[1]}, weights,
                     drops ? Tensor() : contiguous(heed::transpose(target_in, 0, 1)));
  const Variable logits = output_.forward(dropout_.forward(cat({result.output, result.context}, -1)));
  return {transpose(logits, 0, 1), transpose(result.weights, 0, 1)};
}

}  // namespace heed

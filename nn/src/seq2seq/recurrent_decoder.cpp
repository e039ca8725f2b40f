// RecurrentDecoder: one step is a target of length 1.
#include <heed/autograd/elementwise.h>
#include <heed/autograd/index.h>
#include <heed/autograd/view.h>
#include <heed/nn/seq2seq/recurrent_decoder.h>
#include <heed/tensor/error.h>
#include <heed/tensor/scope.h>

#include "recurrent/run_tokens.h"
#include "recurrent/state_bridge.h"
#include "seq2seq/stack_rules.h"

namespace heed {

RecurrentDecoder::RecurrentDecoder(int64_t vocabulary, std::unique_ptr<Attention> attention,
                                   const RecurrentDecoderOptions& options)
    : embedding_(vocabulary, detail::checked_decoder("RecurrentDecoder", options.stack).embedding),
      dropout_(options.stack.layers.dropout),
      layers_(options.stack.cell, options.stack.embedding, options.stack.hidden, options.stack.layers),
      bridge_(std::make_unique<detail::StateBridge>(options.stack.cell, options.stack.layers.num_layers,
                                                    options.state_size, options.stack.hidden)),
      attention_(std::move(attention)),
      output_(options.stack.hidden, vocabulary) {
  const int64_t hidden = options.stack.hidden;
  detail::check_query_size("RecurrentDecoder", options.stack, attention_ ? attention_->query_size() : hidden);
  register_module("embedding", embedding_);
  register_module("dropout", dropout_);
  register_module("rnn", layers_);
  register_module("bridge", *bridge_);
  if (attention_ != nullptr) {
    register_module("attention", *attention_);
    combine_ = std::make_unique<Linear>(attention_->memory_size() + hidden, hidden);
    register_module("combine", *combine_);
  }
  register_module("output", output_);
}

RecurrentDecoder::~RecurrentDecoder() = default;

void RecurrentDecoder::State::list(StateMembers& members) {
  members.changing("cells", cells);
  members.fixed("memory", memory);
}

DecoderState RecurrentDecoder::start(const Encoding& encoding) const {
  const NameScope scope(path());
  State state{bridge_->forward(encoding.state), {}};
  if (attention_ != nullptr) {
    state.memory = attention_->prepare(encoding.memory, encoding.mask);
  }
  return state;
}

DecoderStep RecurrentDecoder::run(const Tensor& tokens, const DecoderState& given) const {
  const NameScope scope(path());
  const State& state = given.as<State>();
  RecurrentLayer::Result written = detail::run_tokens(layers_, embedding_, dropout_, tokens, Tensor(), state.cells);
  DecoderStep step;
  Variable top = std::move(written.output);
  if (attention_ != nullptr) {
    AttentionOutput seen = attention_->forward(top, state.memory);
    top = tanh(combine_->forward(cat({seen.context, top}, -1)));
    step.weights = std::move(seen.weights);
  }
  step.logits = record("output", output_.forward(dropout_.forward(top)));
  step.state = State{std::move(written.states), state.memory};
  return step;
}

DecoderStep RecurrentDecoder::step(const Tensor& tokens, const DecoderState& state) const {
  DecoderStep step = run(unsqueeze(tokens, 1), state);
  step.logits = squeeze(step.logits, 1);
  if (step.weights.defined()) {
    step.weights = squeeze(step.weights, 1);
  }
  return step;
}

DecoderOutput RecurrentDecoder::forward(const Tensor& target_in, const DecoderState& state) const {
  check_target(target_in);
  DecoderStep all = run(target_in, state);
  return {std::move(all.logits), std::move(all.weights)};
}

}  // namespace heed

// The transformer's decoder for Seq2Seq.
#include <cmath>

#include <heed/autograd/elementwise.h>
#include <heed/autograd/view.h>
#include <heed/nn/core/init.h>
#include <heed/nn/seq2seq/transformer_seq2seq.h>
#include <heed/nn/transformer/sequence_positions.h>
#include <heed/tensor/error.h>
#include <heed/tensor/scope.h>

#include "core/config_rules.h"
#include "seq2seq/added_positions.h"

namespace heed {
TransformerSequenceDecoder::TransformerSequenceDecoder(const TransformerSeq2SeqConfig& config)
    : config_(detail::checked("TransformerSeq2SeqConfig", config)),
      embedding_(config.target_vocabulary, config.size),
      dropout_(config.layer.dropout),
      output_(config.size, config.target_vocabulary),
      stack_(config.size, config.heads, config.num_layers, config.layer_options()) {
  normal_(embedding_.weight(), 0, 1 / std::sqrt(static_cast<double>(config.size)));
  register_module("embedding", embedding_);
  register_module("dropout", dropout_);
  register_module("layers", stack_.layers());
  register_module("norm", *stack_.norm());
  register_module("output", output_);
}

struct TransformerSequenceDecoder::State {
  std::vector<TransformerDecoderCache> layers;
  Variable walk;  // (B, 2), start and stride of the positions
  Tensor mask;    // (B, S)
  void list(StateMembers& members) {
    for (auto& [memory, past] : layers) {
      members.changing("keys", past.keys);
      members.changing("values", past.values);
      members.fixed("memory_keys", memory.keys);
      members.fixed("memory_values", memory.values);
    }
    members.fixed("walk", walk);
    members.fixed("mask", mask);
  }
};

DecoderState TransformerSequenceDecoder::start(const Encoding& encoding) const {
  const NameScope scope(path());
  check<ShapeError>(
      encoding.state.size() == 1 && encoding.memory.rank() == 3 && encoding.memory.size(2) == config_.size,
      "TransformerSequenceDecoder", "needs what a TransformerSequenceEncoder of size ", config_.size,
      " gives, got a memory of ", encoding.memory.shape());
  return State{stack_.prepare(encoding.memory, Mask::padding(encoding.mask)), encoding.state[0][0], encoding.mask};
}

DecoderOutput TransformerSequenceDecoder::run(const Tensor& tokens, const Tensor& positions, State& state) const {
  Variable x = embedding_.forward(tokens) * std::sqrt(static_cast<double>(config_.size));
  x = dropout_.forward(detail::add_positions(x, config_.positions, positions, positions));
  TransformerDecoderOutput written =
      stack_.forward(x, state.layers, {Mask::causal(), Mask::padding(state.mask)}, /*need_weights=*/true);
  return {record("output", output_.forward(written.output)), std::move(written.weights)};
}

DecoderStep TransformerSequenceDecoder::step(const Tensor& tokens, const DecoderState& given) const {
  const NameScope scope(path());
  State state = given.as<State>();
  const int64_t place = state.layers[0].past.steps() + 1;
  const Tensor positions = detail::positions_on(state.walk.value(), 1, [=](int64_t, int64_t) { return place; });
  const DecoderOutput written = run(unsqueeze(tokens, 1), positions, state);
  return {squeeze(written.logits, 1), squeeze(written.weights, 1), std::move(state)};
}

DecoderOutput TransformerSequenceDecoder::forward(const Tensor& target_in, const DecoderState& given) const {
  const NameScope scope(path());
  check_target(target_in);
  State state = given.as<State>();
  const int64_t batch = target_in.size(0), steps = target_in.size(1), before = state.layers[0].past.steps();
  const bool random = training() && config_.positions == PositionKind::randomized && steps <= config_.position_range;
  const std::vector<int64_t> counts(static_cast<size_t>(batch), steps);
  const Tensor positions =
      random ? randomized_positions(counts, steps, config_.position_range, default_generator())
             : detail::positions_on(state.walk.value(), steps, [=](int64_t, int64_t t) { return before + t + 1; });
  return run(target_in, positions, state);
}

}  // namespace heed

// The transformer's decoder for Seq2Seq, and the factory of the whole model.
#include <algorithm>
#include <cmath>

#include <heed/autograd/elementwise.h>
#include <heed/autograd/mask.h>
#include <heed/autograd/view.h>
#include <heed/nn/core/init.h>
#include <heed/nn/seq2seq/transformer_seq2seq.h>
#include <heed/nn/transformer/sequence_positions.h>
#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/index.h>
#include <heed/tensor/scope.h>
#include <heed/tensor/view.h>

#include "transformer/sequence_layers.h"

namespace heed {
namespace {

/// (B, steps): start + stride · (first + step).
Tensor positions_from(const Tensor& walks, int64_t first, int64_t steps) {
  const Tensor rows = contiguous(walks);
  Tensor positions = empty({rows.size(0), steps}, DType::float64);
  auto* values = positions.mutable_data<double>();
  const auto* walk = rows.data<double>();
  for (int64_t row = 0; row < rows.size(0); ++row, walk += 2) {
    for (int64_t step = 0; step < steps; ++step) {
      *values++ = walk[0] + walk[1] * static_cast<double>(first + step);
    }
  }
  return positions;
}

void check_size(int64_t value, const char* name) {
  check(value >= 1, "TransformerSeq2SeqConfig", name, " must be at least 1, got ", value);
}

void check_config(const TransformerSeq2SeqConfig& config) {
  constexpr const char* kName = "TransformerSeq2SeqConfig";
  check_size(config.source_vocabulary, "source_vocabulary");
  check_size(config.target_vocabulary, "target_vocabulary");
  check_size(config.layers, "layers");
  check_size(config.heads, "heads");
  check_size(config.size, "size");
  check_size(config.feedforward, "feedforward");
  check_size(config.position_range, "position_range");
  check_size(config.max_distance, "max_distance");
  check(config.size % config.heads == 0, kName, "heads must divide the size, ", config.size, ", got ", config.heads);
  const int64_t parts = config.positions == PositionKind::both_ends ? 4 : 2;
  check(config.size % parts == 0, kName, "size must be a multiple of ", parts, " with ", name_of(config.positions),
        " positions, got ", config.size);
  check(config.dropout >= 0 && config.dropout < 1, kName, "dropout must be at least 0 and below 1, got ",
        config.dropout);
  const SpecialTokens& tokens = config.tokens;
  check(std::max({tokens.pad, tokens.bos, tokens.eos}) < config.target_vocabulary, kName,
        "pad, bos and eos must be below target_vocabulary (", config.target_vocabulary, "), got ", tokens.pad, ", ",
        tokens.bos, ", ", tokens.eos);
}

}  // namespace

TransformerSequenceDecoder::TransformerSequenceDecoder(const TransformerSeq2SeqConfig& config)
    : config_(config),
      embedding_(config.target_vocabulary, config.size),
      dropout_(config.dropout),
      layers_(std::make_unique<detail::SequenceLayers>(config, true)),
      norm_({config.size}),
      output_(config.size, config.target_vocabulary) {
  normal_(embedding_.weight(), 0, 1 / std::sqrt(static_cast<double>(config.size)));
  register_module("embedding", embedding_);
  register_module("dropout", dropout_);
  register_module("layers", *layers_);
  register_module("norm", norm_);
  register_module("output", output_);
}

TransformerSequenceDecoder::~TransformerSequenceDecoder() = default;

struct TransformerSequenceDecoder::State {
  std::vector<detail::KeysAndValues> so_far;  // of each layer
  std::vector<detail::KeysAndValues> memory;  // likewise
  Variable walk;                              // (B, 2), start and stride of the positions
  Tensor mask;                                // (B, S)
  void list(StateMembers& members) {
    for (size_t layer = 0; layer < memory.size(); ++layer) {
      members.changing("keys", so_far[layer].keys);
      members.changing("values", so_far[layer].values);
      members.fixed("memory_keys", memory[layer].keys);
      members.fixed("memory_values", memory[layer].values);
    }
    members.fixed("walk", walk);
    members.fixed("mask", mask);
  }
  int64_t steps() const { return so_far[0].keys.defined() ? so_far[0].keys.size(2) : 0; }
};

DecoderState TransformerSequenceDecoder::start(const Encoding& encoding) {
  const NameScope scope(path());
  check<ShapeError>(
      encoding.state.size() == 1 && encoding.memory.rank() == 3 && encoding.memory.size(2) == config_.size,
      "TransformerSequenceDecoder", "needs what a TransformerSequenceEncoder of size ", config_.size,
      " gives, got a memory of ", encoding.memory.shape());
  // NaN in a hidden place would reach the gradients of the projections.
  const Variable memory = hide_nonfinite(encoding.memory, Mask::padding(encoding.mask));
  State state{{}, {}, encoding.state[0], encoding.mask};
  for (int64_t layer = 0; layer < layers_->size(); ++layer) {
    state.so_far.emplace_back();
    state.memory.push_back((*layers_)[layer].prepare(memory));
  }
  return state;
}

DecoderOutput TransformerSequenceDecoder::run(const Tensor& tokens, const Tensor& positions, State& state) {
  const int64_t size = config_.size;
  Variable x = embedding_.forward(tokens) * std::sqrt(static_cast<double>(size));
  if (config_.positions == PositionKind::both_ends) {
    const Tensor half = sinusoids_at(positions, size / 2, x.dtype());
    x = x + Variable(cat({half, half}, -1));
  } else if (config_.positions != PositionKind::none && config_.positions != PositionKind::relative) {
    x = x + Variable(sinusoids_at(positions, size, x.dtype()));
  }
  x = dropout_.forward(x);
  DecoderOutput output;
  for (int64_t layer = 0; layer < layers_->size(); ++layer) {
    const auto place = static_cast<size_t>(layer);
    auto written = (*layers_)[layer].write(x, state.so_far[place], state.memory[place], state.mask);
    x = written.output;
    state.so_far[place] = std::move(written.so_far);
    output.weights = std::move(written.weights);
  }
  output.logits = output_.forward(norm_.forward(x));
  return output;
}

DecoderStep TransformerSequenceDecoder::step(const Tensor& tokens, const DecoderState& given) {
  const NameScope scope(path());
  State state = given.as<State>();
  const Tensor positions = positions_from(state.walk.value(), state.steps() + 1, 1);
  const DecoderOutput written = run(unsqueeze(tokens, 1), positions, state);
  return {squeeze(written.logits, 1), squeeze(written.weights, 1), std::move(state)};
}

DecoderOutput TransformerSequenceDecoder::forward(const Tensor& target_in, const DecoderState& given) {
  const NameScope scope(path());
  check_target(target_in);
  State state = given.as<State>();
  const int64_t batch = target_in.size(0), steps = target_in.size(1);
  const bool random = training() && config_.positions == PositionKind::randomized && steps <= config_.position_range;
  const std::vector<int64_t> counts(static_cast<size_t>(batch), steps);
  const Tensor positions = random ? randomized_positions(counts, steps, config_.position_range, default_generator())
                                  : positions_from(state.walk.value(), 1, steps);
  return run(target_in, positions, state);
}

std::unique_ptr<Seq2Seq> make_transformer_seq2seq(const TransformerSeq2SeqConfig& config) {
  check_config(config);
  return std::make_unique<Seq2Seq>(std::make_unique<TransformerSequenceEncoder>(config),
                                   std::make_unique<TransformerSequenceDecoder>(config), config.tokens);
}

}  // namespace heed

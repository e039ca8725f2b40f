// The transformer's encoder for Seq2Seq: embeddings, positions, layers.
#include <cmath>

#include <heed/autograd/elementwise.h>
#include <heed/autograd/index.h>
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

namespace heed {
namespace {

std::vector<int64_t> row_lengths(const Tensor& lengths, int64_t batch, int64_t steps) {
  return lengths.defined() ? lengths.to_vector<int64_t>() : std::vector<int64_t>(static_cast<size_t>(batch), steps);
}

/// Start and stride for each row's positions.
Tensor walks_of(const TransformerSeq2SeqConfig& config, const std::vector<int64_t>& lengths, bool training) {
  if (config.positions == PositionKind::both_ends && training) {
    return random_strides(lengths, config.position_range, default_generator());
  }
  Tensor walks = empty({static_cast<int64_t>(lengths.size()), 2}, DType::float64);
  auto* values = walks.mutable_data<double>();
  for (const int64_t length : lengths) {
    const Tensor even =
        even_positions({std::max<int64_t>(2, length)}, std::max<int64_t>(2, length), config.position_range);
    *values++ = 0;
    *values++ = config.positions == PositionKind::randomized ? even.data<double>()[1] : 1;
  }
  return walks;
}

/// (B, steps): start + stride · step, or, from the end, start + stride · (length - 1 - step); at least the start.
Tensor positions_of(const Tensor& walks, const std::vector<int64_t>& lengths, int64_t steps, bool from_end) {
  Tensor positions = empty({static_cast<int64_t>(lengths.size()), steps}, DType::float64);
  auto* values = positions.mutable_data<double>();
  const auto* walk = walks.data<double>();
  for (const int64_t length : lengths) {
    for (int64_t step = 0; step < steps; ++step) {
      const int64_t place = from_end ? std::max<int64_t>(0, length - 1 - step) : step;
      *values++ = walk[0] + walk[1] * static_cast<double>(place);
    }
    walk += 2;
  }
  return positions;
}

}  // namespace

TransformerSequenceEncoder::TransformerSequenceEncoder(const TransformerSeq2SeqConfig& config)
    : config_(config),
      embedding_(config.source_vocabulary, config.size),
      dropout_(config.layer.dropout),
      norm_({config.size}) {
  for (int64_t layer = 0; layer < config.layers; ++layer) {
    layers_.add(config.size, config.heads, config.layer_options());
  }
  normal_(embedding_.weight(), 0, 1 / std::sqrt(static_cast<double>(config.size)));
  register_module("embedding", embedding_);
  register_module("dropout", dropout_);
  register_module("layers", layers_);
  register_module("norm", norm_);
}

Variable TransformerSequenceEncoder::embed(const Tensor& source) {
  const NameScope scope(path());
  check<ShapeError>(source.rank() == 2, "TransformerSequenceEncoder", "source must be (B, S), got ", source.shape());
  return embedding_.forward(source) * std::sqrt(static_cast<double>(config_.size));
}

Encoding TransformerSequenceEncoder::encode(const Variable& embedded, const Tensor& lengths) {
  const NameScope scope(path());
  const int64_t batch = embedded.size(0), steps = embedded.size(1), size = config_.size;
  const std::vector<int64_t> counts = row_lengths(lengths, batch, steps);
  const Tensor walks = walks_of(config_, counts, training());
  Variable x = embedded;
  if (config_.positions == PositionKind::both_ends) {
    x = x + Variable(cat({sinusoids_at(positions_of(walks, counts, steps, false), size / 2, x.dtype()),
                          sinusoids_at(positions_of(walks, counts, steps, true), size / 2, x.dtype())},
                         -1));
  } else if (config_.positions == PositionKind::randomized && training()) {
    const Tensor positions = randomized_positions(counts, steps, config_.position_range, default_generator());
    x = x + Variable(sinusoids_at(positions, size, x.dtype()));
  } else if (config_.positions == PositionKind::randomized || config_.positions == PositionKind::sinusoidal) {
    x = x + Variable(sinusoids_at(positions_of(walks, counts, steps, false), size, x.dtype()));
  }
  const Mask mask = Mask::lengths(lengths);
  x = dropout_.forward(x);
  for (int64_t layer = 0; layer < layers_.size(); ++layer) {
    x = layers_[layer].forward(x, mask);
  }
  return {hide(norm_.forward(x), mask), {Variable(walks)}, mask.positions(batch, steps, "TransformerSequenceEncoder")};
}

}  // namespace heed

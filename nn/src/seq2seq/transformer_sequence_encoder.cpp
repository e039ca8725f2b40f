// The transformer's encoder for Seq2Seq: embeddings, positions, layers.
#include <algorithm>
#include <cmath>

#include <heed/autograd/elementwise.h>
#include <heed/autograd/index.h>
#include <heed/autograd/mask.h>
#include <heed/autograd/view.h>
#include <heed/nn/core/init.h>
#include <heed/nn/seq2seq/transformer_seq2seq.h>
#include <heed/nn/transformer/sequence_positions.h>
#include <heed/tensor/create.h>
#include <heed/tensor/scope.h>

#include "core/config_rules.h"
#include "seq2seq/added_positions.h"
#include "seq2seq/decoding.h"

namespace heed {
namespace {

/// Start and stride for each row's positions.
Tensor walks_of(const TransformerSeq2SeqConfig& config, const std::vector<int64_t>& lengths, bool training) {
  if (config.positions == PositionKind::both_ends && training) {
    return random_strides(lengths, config.position_range, default_generator());
  }
  Tensor walks = empty({static_cast<int64_t>(lengths.size()), 2}, DType::float64);
  auto* values = walks.mutable_data<double>();
  for (const int64_t length : lengths) {
    const int64_t steps = std::max<int64_t>(2, length);
    *values++ = 0;
    *values++ = config.positions == PositionKind::randomized
                    ? even_positions({steps}, steps, config.position_range).data<double>()[1]
                    : 1;
  }
  return walks;
}

}  // namespace

TransformerSequenceEncoder::TransformerSequenceEncoder(const TransformerSeq2SeqConfig& config)
    : config_(detail::checked("TransformerSeq2SeqConfig", config)),
      embedding_(config.source_vocabulary, config.size),
      dropout_(config.layer.dropout),
      stack_(config.size, config.heads, config.num_layers, config.layer_options()) {
  normal_(embedding_.weight(), 0, 1 / std::sqrt(static_cast<double>(config.size)));
  register_module("embedding", embedding_);
  register_module("dropout", dropout_);
  register_module("layers", stack_.layers());
  register_module("norm", *stack_.norm());
}

Variable TransformerSequenceEncoder::embed(const Tensor& source) const {
  const NameScope scope(path());
  detail::check_source("TransformerSequenceEncoder", source);
  return embedding_.forward(source) * std::sqrt(static_cast<double>(config_.size));
}

Encoding TransformerSequenceEncoder::encode(const Variable& embedded, const Tensor& lengths) const {
  const NameScope scope(path());
  const int64_t batch = embedded.size(0), steps = embedded.size(1);
  const std::vector<int64_t> counts = detail::lengths_or(lengths, batch, steps);
  const Tensor walks = walks_of(config_, counts, training());
  const Tensor positions = config_.positions == PositionKind::randomized && training()
                               ? randomized_positions(counts, steps, config_.position_range, default_generator())
                               : detail::positions_on(walks, steps, [](int64_t, int64_t step) { return step; });
  Tensor from_end;
  if (config_.positions == PositionKind::both_ends) {
    from_end = detail::positions_on(walks, steps, [&](int64_t row, int64_t step) {
      return std::max<int64_t>(0, counts[static_cast<size_t>(row)] - 1 - step);
    });
  }
  const Tensor hidden = Mask::lengths(lengths).positions(batch, steps, "TransformerSequenceEncoder");
  const Mask mask = Mask::padding(hidden);
  const Variable x = dropout_.forward(detail::add_positions(embedded, config_.positions, positions, from_end));
  return {record("output", hide(stack_.forward(x, mask), mask)), {CellState{walks}}, hidden};
}

}  // namespace heed

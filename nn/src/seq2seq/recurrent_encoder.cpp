// RecurrentEncoder.
#include <heed/nn/seq2seq/recurrent_encoder.h>
#include <heed/tensor/index.h>
#include <heed/tensor/scope.h>

#include "core/config_rules.h"
#include "recurrent/run_tokens.h"
#include "seq2seq/decoding.h"

namespace heed {
namespace {

/// With the states of both directions side by side.
Encoding encoding_of(RecurrentLayer::Result read, int64_t directions, const Tensor& lengths, int64_t positions) {
  std::vector<CellState> states;
  for (size_t i = 0; i < read.states.size(); i += static_cast<size_t>(directions)) {
    states.push_back(read.states[i]);
    for (size_t k = 0; directions == 2 && k < states.back().size(); ++k) {
      states.back()[k] = cat({read.states[i][k], read.states[i + 1][k]}, 1);
    }
  }
  return {record("output", std::move(read.output)), std::move(states),
          lengths.defined() ? padding_mask(lengths, positions) : Tensor()};
}

}  // namespace

RecurrentEncoder::RecurrentEncoder(int64_t vocabulary, const RecurrentStackOptions& options)
    : embedding_(vocabulary, detail::checked("RecurrentEncoder", options).embedding),
      dropout_(options.layers.dropout),
      layers_(options.cell, options.embedding, options.hidden, options.layers) {
  register_module("embedding", embedding_);
  register_module("dropout", dropout_);
  register_module("rnn", layers_);
}

Variable RecurrentEncoder::embed(const Tensor& source) const {
  const NameScope scope(path());
  detail::check_source("RecurrentEncoder", source);
  return embedding_.forward(source);
}

Encoding RecurrentEncoder::encode(const Variable& embedded, const Tensor& lengths) const {
  const NameScope scope(path());
  return encoding_of(layers_.run(dropout_.forward(embedded), Mask::lengths(lengths)), layers_.directions(), lengths,
                     embedded.size(1));
}

Encoding RecurrentEncoder::forward(const Tensor& source, const Tensor& lengths) const {
  const NameScope scope(path());
  detail::check_source("RecurrentEncoder", source);
  return encoding_of(detail::run_tokens(layers_, embedding_, dropout_, source, lengths), layers_.directions(), lengths,
                     source.size(1));
}

}  // namespace heed

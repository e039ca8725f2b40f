// RecurrentEncoder.
#include <heed/nn/seq2seq/recurrent_encoder.h>
#include <heed/tensor/index.h>
#include <heed/tensor/scope.h>

#include "recurrent/recurrent_layers.h"
#include "seq2seq/check_stack.h"
#include "seq2seq/decoding.h"

namespace heed {
namespace {

Encoding encoding_of(detail::RecurrentLayersOutput read, const Tensor& lengths, int64_t positions) {
  return {std::move(read.output), std::move(read.states),
          lengths.defined() ? padding_mask(lengths, positions) : Tensor()};
}

}  // namespace

RecurrentEncoder::RecurrentEncoder(int64_t vocabulary, const RecurrentStackOptions& options)
    : embedding_(vocabulary, options.embedding),
      dropout_(options.layers.dropout),
      layers_(detail::make_recurrent_layers(options.cell, options.embedding, options.hidden, options.layers)) {
  detail::check_batch_first("RecurrentEncoder", options);
  register_module("embedding", embedding_);
  register_module("dropout", dropout_);
  register_module("rnn", layers_->module());
}

RecurrentEncoder::~RecurrentEncoder() = default;

Variable RecurrentEncoder::embed(const Tensor& source) {
  const NameScope scope(path());
  detail::check_source("RecurrentEncoder", source);
  return embedding_.forward(source);
}

Encoding RecurrentEncoder::encode(const Variable& embedded, const Tensor& lengths) {
  const NameScope scope(path());
  return encoding_of(layers_->forward(dropout_.forward(embedded), {}, lengths, Tensor()), lengths, embedded.size(1));
}

Encoding RecurrentEncoder::forward(const Tensor& source, const Tensor& lengths) {
  const NameScope scope(path());
  detail::check_source("RecurrentEncoder", source);
  return encoding_of(detail::forward_tokens(*layers_, embedding_, dropout_, source, {}, lengths), lengths,
                     source.size(1));
}

}  // namespace heed

// RecurrentEncoder: embedding and recurrent layers of any kind, one way or both ways.
#pragma once

#include <cstdint>

#include <heed/nn/core/dropout.h>
#include <heed/nn/core/embedding.h>
#include <heed/nn/seq2seq/encoder.h>
#include <heed/nn/seq2seq/recurrent_stack_options.h>

namespace heed {

/// memory (B, S, D·H), D being 2 when bidirectional; state: those of each layer, (B, D·H), forward direction
/// first. Parts: `embedding`, `rnn`.
class RecurrentEncoder : public EmbeddingEncoder {
 public:
  /// Throws ValueError for sizes below 1, a dropout outside 0 … 1, and layers that are not batch_first.
  explicit RecurrentEncoder(int64_t vocabulary, const RecurrentStackOptions& options = {});
  Variable embed(const Tensor& source) const override;
  Encoding encode(const Variable& embedded, const Tensor& lengths) const override;
  /// encode(embed(source)), with the embeddings' share of the gates looked up in a table.
  Encoding forward(const Tensor& source, const Tensor& lengths) const override;

 private:
  Embedding embedding_;
  Dropout dropout_;
  RecurrentLayer layers_;
};

}  // namespace heed

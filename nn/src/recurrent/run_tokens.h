// Recurrent layers over the embeddings of tokens.
#pragma once

#include <heed/autograd/grad_mode.h>
#include <heed/autograd/index.h>
#include <heed/nn/core/dropout.h>
#include <heed/nn/core/embedding.h>
#include <heed/nn/recurrent/recurrent_layer.h>
#include <heed/tensor/create.h>
#include <heed/tensor/detail/index.h>
#include <heed/tensor/view.h>

#include "core/hooks.h"

namespace heed::detail {

/// For those who look inside, where embeddings are not looked up but multiplied as a table.
inline void record_lookup(const Embedding& embedding, const Tensor& tokens) {
  if (is_watched(embedding.path())) {
    const NoGrad no_grad;
    embedding.forward(tokens);
  }
}

/// embedding_linear() in the name of the embedding: what can be wrong are ids.
inline Variable linear_of(const Embedding& embedding, const Tensor& tokens, const Variable& weight,
                          const Variable& bias) {
  const NameScope scope(embedding.path());
  return embedding_linear(embedding.weight(), tokens, weight, bias);
}

/// The same with the steps first, (T, B, O). An id out of range is named at its place in `tokens` (B, T).
inline Variable linear_of_steps(const Embedding& embedding, const Tensor& tokens, const Variable& weight,
                                const Variable& bias) {
  const NameScope scope(embedding.path());
  require_indices(tokens, embedding.num_embeddings(), "embedding");
  return embedding_linear(embedding.weight(), contiguous(transpose(tokens, 0, 1)), weight, bias);
}

/// layer.run() on the embeddings of `tokens` int64 (B, T). Dropout acts on each use of an embedding; without it a row
/// of the table is multiplied once for all its uses.
inline RecurrentLayer::Result run_tokens(const RecurrentLayer& layer, const Embedding& embedding,
                                         const Dropout& dropout, const Tensor& tokens, const Tensor& lengths = Tensor(),
                                         std::vector<CellState> states = {}) {
  const bool hooked = is_hooked(embedding.path(), {"output"}) || is_hooked(dropout.path(), {"output"});
  if (dropout.active() || hooked) {
    return layer.run(dropout.forward(embedding.forward(tokens)), Mask::lengths(lengths), std::move(states));
  }
  record_lookup(embedding, tokens);
  return layer.run(
      [&](const Variable& weight, const Variable& bias) { return linear_of(embedding, tokens, weight, bias); }, lengths,
      std::move(states));
}

}  // namespace heed::detail

// Recurrent layers over the embeddings of tokens.
#pragma once

#include <heed/autograd/index.h>
#include <heed/nn/core/dropout.h>
#include <heed/nn/core/embedding.h>
#include <heed/nn/recurrent/recurrent_layer.h>

namespace heed::detail {

/// layer.run() on the embeddings of `tokens` int64 (B, T). Dropout acts on each use of an embedding; without it a row
/// of the table is multiplied once for all its uses.
inline RecurrentLayer::Result run_tokens(const RecurrentLayer& layer, const Embedding& embedding,
                                         const Dropout& dropout, const Tensor& tokens, const Tensor& lengths = Tensor(),
                                         std::vector<CellState> states = {}) {
  if (dropout.active()) {
    return layer.run(dropout.forward(embedding.forward(tokens)), Mask::lengths(lengths), std::move(states));
  }
  return layer.run([&](const Variable& weight,
                       const Variable& bias) { return embedding_linear(embedding.weight(), tokens, weight, bias); },
                   lengths, std::move(states));
}

}  // namespace heed::detail

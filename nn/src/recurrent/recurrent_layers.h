// RecurrentLayers: a stack of RNN, LSTM or GRU layers behind one interface, for encoders and decoders whose kind is
// chosen at run time.
#pragma once

#include <memory>
#include <vector>

#include <heed/nn/core/dropout.h>
#include <heed/nn/core/embedding.h>
#include <heed/nn/core/module.h>
#include <heed/nn/recurrent/cell_kind.h>
#include <heed/nn/recurrent/recurrent_layer.h>

namespace heed::detail {

struct RecurrentLayersOutput {
  Variable output;               ///< (B, T, D·H)
  std::vector<Variable> states;  ///< h of each layer, then for an LSTM c of each layer, each (B, D·H)
};

class RecurrentLayers {
 public:
  virtual ~RecurrentLayers() = default;
  /// x (B, T, I), or a table (V, I) with ids int64 (B, T); states as in the output, or empty: zero; lengths int64 (B)
  /// or undefined.
  virtual RecurrentLayersOutput forward(const Variable& x, const std::vector<Variable>& states, const Tensor& lengths,
                                        const Tensor& ids) = 0;
  /// To be registered by the owner.
  virtual Module& module() = 0;
};

/// layers.forward() on the embeddings of `tokens` (B, T), through dropout where it is at work; else by their table.
RecurrentLayersOutput forward_tokens(RecurrentLayers& layers, Embedding& embedding, Dropout& dropout,
                                     const Tensor& tokens, const std::vector<Variable>& states, const Tensor& lengths);

std::unique_ptr<RecurrentLayers> make_recurrent_layers(CellKind cell, int64_t input, int64_t hidden,
                                                       const RecurrentLayerOptions& options);

}  // namespace heed::detail

// The transformer's encoder: a layer, and a stack of them.
#pragma once

#include <optional>

#include <heed/nn/attention/multihead_attention.h>
#include <heed/nn/core/dropout.h>
#include <heed/nn/core/layer_norm.h>
#include <heed/nn/core/linear.h>
#include <heed/nn/core/module_list.h>
#include <heed/nn/transformer/transformer_options.h>

namespace heed {

/// Self-attention, then two linear maps with an activation between, each with dropout, a residual connection and layer
/// normalisation around it: Vaswani et al. 2017, sections 3.1 and 3.3; PyTorch's torch.nn.TransformerEncoderLayer.
/// Parts: `self_attn`, `linear1`, `linear2`, `norm1`, `norm2`.
///
/// A hidden vector that is not finite counts as zeros.
class TransformerEncoderLayer : public Module {
 public:
  /// Throws ValueError unless sizes are positive and nhead divides d_model.
  TransformerEncoderLayer(int64_t d_model, int64_t nhead, const TransformerOptions& options = {});
  /// src (B, S, E), mask of the scores (B, heads, S, S) → as src. Throws ShapeError, DTypeError.
  Variable forward(const Variable& src, const Mask& mask = {});

 private:
  Variable self_attention(const Variable& x, const Mask& mask);
  Variable feed_forward(const Variable& x);

  TransformerOptions options_;
  MultiheadAttention self_attn_;
  Linear linear1_, linear2_;
  LayerNorm norm1_, norm2_;
  Dropout dropout_, dropout1_, dropout2_;
};

/// num_layers layers, `layers.0` and so on, and where options.final_norm a normalisation `norm` after them (PyTorch's
/// torch.nn.TransformerEncoder).
class TransformerEncoder : public Module {
 public:
  /// Throws ValueError as TransformerEncoderLayer.
  TransformerEncoder(int64_t d_model, int64_t nhead, int64_t num_layers, const TransformerOptions& options = {});
  /// src (B, S, E), mask of the scores (B, heads, S, S) → as src. Throws ShapeError, DTypeError.
  Variable forward(const Variable& src, const Mask& mask = {});

 private:
  ModuleList<TransformerEncoderLayer> layers_;
  std::optional<LayerNorm> norm_;
};

}  // namespace heed

// The transformer's encoder: a layer, and a stack of them.
#pragma once

#include <heed/nn/transformer/transformer_layer.h>

namespace heed {

/// Self-attention and a feed-forward network: PyTorch's torch.nn.TransformerEncoderLayer. Parts: `self_attn`,
/// `linear1`, `linear2`, `norm1`, `norm2`.
///
/// A vector that is not finite counts as zeros where padding or lengths hide it.
class TransformerEncoderLayer : public TransformerLayer {
 public:
  /// Throws ValueError unless sizes are positive and nhead divides d_model.
  TransformerEncoderLayer(int64_t d_model, int64_t nhead, const TransformerOptions& options = {});
  /// src (B, S, E), mask of the scores (B, heads, S, S) → as src. Throws ShapeError, DTypeError.
  Variable forward(const Variable& src, const Mask& mask = {}) const;
};

/// PyTorch's torch.nn.TransformerEncoder. Parts: TransformerStack's.
class TransformerEncoder : public TransformerStack<TransformerEncoderLayer> {
 public:
  /// Throws ValueError as TransformerEncoderLayer.
  TransformerEncoder(int64_t d_model, int64_t nhead, int64_t num_layers, const TransformerOptions& options = {});
  /// src (B, S, E) → as src. Throws ShapeError, DTypeError.
  Variable forward(const Variable& src, const Mask& mask = {}) const;
};

}  // namespace heed

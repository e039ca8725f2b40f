// The transformer's decoder: a layer, and a stack of them.
#pragma once

#include <optional>

#include <heed/nn/attention/multihead_attention.h>
#include <heed/nn/core/dropout.h>
#include <heed/nn/core/layer_norm.h>
#include <heed/nn/core/linear.h>
#include <heed/nn/core/module_list.h>
#include <heed/nn/transformer/transformer_options.h>

namespace heed {

/// PyTorch's tgt_mask, tgt_key_padding_mask and tgt_is_causal are one mask, and so are those of the memory: mask.h says
/// how.
struct TransformerDecoderMasks {
  Mask target = {};  ///< of the scores (B, heads, T, T)
  Mask memory = {};  ///< of the scores (B, heads, T, S)
};

/// As TransformerEncoderLayer, with an attention to the memory between the two steps: Vaswani et al. 2017, section 3.1;
/// PyTorch's torch.nn.TransformerDecoderLayer. Parts: `self_attn`, `multihead_attn`, `linear1`, `linear2`, `norm1`,
/// `norm2`, `norm3`.
///
/// A hidden vector that is not finite counts as zeros.
class TransformerDecoderLayer : public Module {
 public:
  /// Throws ValueError unless sizes are positive and nhead divides d_model.
  TransformerDecoderLayer(int64_t d_model, int64_t nhead, const TransformerOptions& options = {});
  /// tgt (B, T, E), memory (B, S, E) → as tgt. Throws ShapeError, DTypeError.
  Variable forward(const Variable& tgt, const Variable& memory, const TransformerDecoderMasks& masks = {});

 private:
  Variable self_attention(const Variable& x, const TransformerDecoderMasks& masks);
  Variable memory_attention(const Variable& x, const Variable& memory, const TransformerDecoderMasks& masks);
  Variable feed_forward(const Variable& x);

  TransformerOptions options_;
  MultiheadAttention self_attn_, multihead_attn_;
  Linear linear1_, linear2_;
  LayerNorm norm1_, norm2_, norm3_;
  Dropout dropout_, dropout1_, dropout2_, dropout3_;
};

/// num_layers layers, `layers.0` and so on, and where options.final_norm a normalisation `norm` after them (PyTorch's
/// torch.nn.TransformerDecoder).
class TransformerDecoder : public Module {
 public:
  /// Throws ValueError as TransformerDecoderLayer.
  TransformerDecoder(int64_t d_model, int64_t nhead, int64_t num_layers, const TransformerOptions& options = {});
  /// tgt (B, T, E), memory (B, S, E) → as tgt. Throws ShapeError, DTypeError.
  Variable forward(const Variable& tgt, const Variable& memory, const TransformerDecoderMasks& masks = {});

 private:
  ModuleList<TransformerDecoderLayer> layers_;
  std::optional<LayerNorm> norm_;
};

}  // namespace heed

// The transformer's decoder: a layer, and a stack of them; a whole target at once, or step by step with a cache.
#pragma once

#include <vector>

#include <heed/nn/transformer/transformer_layer.h>

namespace heed {

/// PyTorch's tgt_mask, tgt_key_padding_mask and tgt_is_causal are one mask, and so are those of the memory: mask.h says
/// how.
struct TransformerDecoderMasks {
  Mask target = {};  ///< of the scores (B, heads, T, T); behind a cache of P steps (B, heads, T, P + T)
  Mask memory = {};  ///< of the scores (B, heads, T, S)
};

/// What a layer keeps from step to step.
struct TransformerDecoderCache {
  KeysAndValues memory = {};  ///< computed once
  KeysAndValues past = {};    ///< of the steps so far
};

struct TransformerDecoderOutput {
  Variable output;   ///< (B, T, E)
  Variable weights;  ///< (B, T, S) on the memory, mean over the heads; undefined when not needed
};

/// As TransformerEncoderLayer, with an attention to the memory between the two steps: PyTorch's
/// torch.nn.TransformerDecoderLayer. Parts: `self_attn`, `multihead_attn`, `linear1`, `linear2`, `norm1`, `norm2`,
/// `norm3`.
///
/// A vector that is not finite counts as zeros where padding or lengths hide it.
class TransformerDecoderLayer : public TransformerLayer {
 public:
  /// Throws ValueError unless sizes are positive and nhead divides d_model.
  TransformerDecoderLayer(int64_t d_model, int64_t nhead, const TransformerOptions& options = {});
  /// tgt (B, T, E), memory (B, S, E) → as tgt. Throws ShapeError, DTypeError.
  Variable forward(const Variable& tgt, const Variable& memory, const TransformerDecoderMasks& masks = {}) const;

  /// What does not change from step to step: memory (B, S, E), of which the mask hides positions. Throws ShapeError.
  TransformerDecoderCache prepare(const Variable& memory, const Mask& mask = {}) const;
  /// tgt (B, T, E): the steps that follow those in the cache; adds them to it.
  TransformerDecoderOutput forward(const Variable& tgt, TransformerDecoderCache& cache,
                                   const TransformerDecoderMasks& masks, bool need_weights = false) const;
};

/// PyTorch's torch.nn.TransformerDecoder. Parts: TransformerStack's.
class TransformerDecoder : public TransformerStack<TransformerDecoderLayer> {
 public:
  /// Throws ValueError as TransformerDecoderLayer.
  TransformerDecoder(int64_t d_model, int64_t nhead, int64_t num_layers, const TransformerOptions& options = {});
  /// tgt (B, T, E), memory (B, S, E) → as tgt. Throws ShapeError, DTypeError.
  Variable forward(const Variable& tgt, const Variable& memory, const TransformerDecoderMasks& masks = {}) const;

  /// A cache for each layer.
  std::vector<TransformerDecoderCache> prepare(const Variable& memory, const Mask& mask = {}) const;
  /// tgt (B, T, E): the steps that follow those in the caches; adds them. The weights are the last layer's.
  TransformerDecoderOutput forward(const Variable& tgt, std::vector<TransformerDecoderCache>& caches,
                                   const TransformerDecoderMasks& masks, bool need_weights = false) const;
};

}  // namespace heed

// The transformer's decoder.
#include <heed/nn/transformer/transformer_decoder.h>

#include <heed/autograd/elementwise.h>
#include <heed/tensor/error.h>
#include <heed/tensor/scope.h>

#include "transformer/transformer_parts.h"

namespace heed {

TransformerDecoderLayer::TransformerDecoderLayer(int64_t d_model, int64_t nhead, const TransformerOptions& options)
    : options_(options),
      self_attn_(d_model, nhead, detail::attention_options(options)),
      multihead_attn_(d_model, nhead, detail::attention_options(options)),
      linear1_(d_model, options.dim_feedforward, {options.bias}),
      linear2_(options.dim_feedforward, d_model, {options.bias}),
      norm1_({d_model}, detail::norm_options(options)),
      norm2_({d_model}, detail::norm_options(options)),
      norm3_({d_model}, detail::norm_options(options)),
      dropout_(options.dropout),
      dropout1_(options.dropout),
      dropout2_(options.dropout),
      dropout3_(options.dropout) {
  register_module("self_attn", self_attn_);
  register_module("multihead_attn", multihead_attn_);
  register_module("linear1", linear1_);
  register_module("dropout", dropout_);
  register_module("linear2", linear2_);
  register_module("norm1", norm1_);
  register_module("norm2", norm2_);
  register_module("norm3", norm3_);
  register_module("dropout1", dropout1_);
  register_module("dropout2", dropout2_);
  register_module("dropout3", dropout3_);
}

Variable TransformerDecoderLayer::forward(const Variable& tgt, const Variable& memory,
                                          const TransformerDecoderMasks& masks) {
  const NameScope scope(path());
  Variable x = hide_nonfinite(tgt, masks.target, options_.batch_first);
  if (options_.norm_first) {
    x = x + self_attention(norm1_.forward(x), masks);
    x = x + memory_attention(norm2_.forward(x), memory, masks);
    return x + feed_forward(norm3_.forward(x));
  }
  x = norm1_.forward(x + self_attention(x, masks));
  x = norm2_.forward(x + memory_attention(x, memory, masks));
  return norm3_.forward(x + feed_forward(x));
}

Variable TransformerDecoderLayer::self_attention(const Variable& x, const TransformerDecoderMasks& masks) {
  return dropout1_.forward(self_attn_.forward(x, x, x, masks.target, {.need_weights = false}).output);
}

Variable TransformerDecoderLayer::memory_attention(const Variable& x, const Variable& memory,
                                                   const TransformerDecoderMasks& masks) {
  return dropout2_.forward(multihead_attn_.forward(x, memory, memory, masks.memory, {.need_weights = false}).output);
}

Variable TransformerDecoderLayer::feed_forward(const Variable& x) {
  return dropout3_.forward(detail::position_wise(x, linear1_, dropout_, linear2_, options_.activation));
}

TransformerDecoder::TransformerDecoder(int64_t d_model, int64_t nhead, int64_t num_layers,
                                       const TransformerOptions& options) {
  check(num_layers >= 1, "TransformerDecoder", "num_layers must be 1 or more, got ", num_layers);
  for (int64_t i = 0; i < num_layers; ++i) {
    layers_.add(d_model, nhead, options);
  }
  register_module("layers", layers_);
  if (options.final_norm) {
    norm_.emplace(Shape{d_model}, detail::norm_options(options));
    register_module("norm", *norm_);
  }
}

Variable TransformerDecoder::forward(const Variable& tgt, const Variable& memory,
                                     const TransformerDecoderMasks& masks) {
  const NameScope scope(path());
  Variable x = tgt;
  for (int64_t i = 0; i < layers_.size(); ++i) {
    x = layers_[i].forward(x, memory, masks);
  }
  return norm_ ? norm_->forward(x) : x;
}

}  // namespace heed

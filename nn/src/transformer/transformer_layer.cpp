// TransformerLayer: its parts, and the steps that encoder and decoder share.
#include <heed/nn/transformer/transformer_layer.h>

#include <heed/autograd/elementwise.h>

namespace heed {
namespace {

MultiheadAttentionOptions attention_options(const TransformerOptions& options, const MakeScoreTerm& score_term) {
  return {
      .bias = options.bias, .batch_first = options.batch_first, .dropout = options.dropout, .score_term = score_term};
}

LayerNormOptions norm_options(const TransformerOptions& options) {
  return {.eps = options.layer_norm_eps, .bias = options.bias};
}

}  // namespace

TransformerLayer::TransformerLayer(int64_t d_model, int64_t nhead, const TransformerOptions& options, bool reads_memory)
    : options_(options),
      self_attn_(d_model, nhead, attention_options(options, options.score_term)),
      multihead_attn_(reads_memory
                          ? std::make_unique<MultiheadAttention>(d_model, nhead, attention_options(options, {}))
                          : nullptr),
      linear1_(d_model, options.dim_feedforward, {options.bias}),
      linear2_(options.dim_feedforward, d_model, {options.bias}),
      norm1_({d_model}, norm_options(options)),
      norm2_({d_model}, norm_options(options)),
      norm3_(reads_memory ? std::make_unique<LayerNorm>(Shape{d_model}, norm_options(options)) : nullptr),
      dropout_(options.dropout),
      dropout1_(options.dropout),
      dropout2_(options.dropout),
      dropout3_(options.dropout) {
  register_module("self_attn", self_attn_);
  if (reads_memory) {
    register_module("multihead_attn", *multihead_attn_);
  }
  register_module("linear1", linear1_);
  register_module("dropout", dropout_);
  register_module("linear2", linear2_);
  register_module("norm1", norm1_);
  register_module("norm2", norm2_);
  if (reads_memory) {
    register_module("norm3", *norm3_);
  }
  register_module("dropout1", dropout1_);
  register_module("dropout2", dropout2_);
  if (reads_memory) {
    register_module("dropout3", dropout3_);
  }
}

Variable TransformerLayer::around(const Variable& x, const LayerNorm& norm,
                                  const std::function<Variable(const Variable&)>& f) const {
  return options_.norm_first ? x + f(norm.forward(x)) : norm.forward(x + f(x));
}

Variable TransformerLayer::attend_self(const Variable& x, const Mask& mask, KeysAndValues* cache) const {
  return around(x, norm1_, [&](const Variable& y) {
    MultiheadAttentionArguments options{.need_weights = false};
    if (cache != nullptr) {
      options.past = *cache;
    }
    MultiheadAttentionOutput seen = self_attn_.forward(y, y, y, mask, options);
    if (cache != nullptr) {
      *cache = std::move(seen.cache);
    }
    return dropout1_.forward(seen.output);
  });
}

Variable TransformerLayer::attend_memory(
    const Variable& x,
    const std::function<Variable(const Variable& y, const MultiheadAttention& attention)>& look) const {
  return around(x, norm2_, [&](const Variable& y) { return dropout2_.forward(look(y, *multihead_attn_)); });
}

Variable TransformerLayer::feed_forward(const Variable& x) const {
  return around(x, norm3_ ? *norm3_ : norm2_, [&](const Variable& y) {
    const Variable inner = linear1_.forward(y);
    const Variable active = options_.activation == TransformerActivation::relu ? relu(inner) : gelu(inner);
    return (norm3_ ? dropout3_ : dropout2_).forward(linear2_.forward(dropout_.forward(active)));
  });
}

}  // namespace heed

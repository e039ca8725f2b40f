// The transformer's encoder.
#include <heed/nn/transformer/transformer_encoder.h>

#include <heed/autograd/elementwise.h>
#include <heed/tensor/error.h>
#include <heed/tensor/scope.h>

#include "transformer/transformer_parts.h"

namespace heed {

TransformerEncoderLayer::TransformerEncoderLayer(int64_t d_model, int64_t nhead, const TransformerOptions& options)
    : options_(options),
      self_attn_(d_model, nhead, detail::attention_options(options)),
      linear1_(d_model, options.dim_feedforward, {options.bias}),
      linear2_(options.dim_feedforward, d_model, {options.bias}),
      norm1_({d_model}, detail::norm_options(options)),
      norm2_({d_model}, detail::norm_options(options)),
      dropout_(options.dropout),
      dropout1_(options.dropout),
      dropout2_(options.dropout) {
  register_module("self_attn", self_attn_);
  register_module("linear1", linear1_);
  register_module("dropout", dropout_);
  register_module("linear2", linear2_);
  register_module("norm1", norm1_);
  register_module("norm2", norm2_);
  register_module("dropout1", dropout1_);
  register_module("dropout2", dropout2_);
}

Variable TransformerEncoderLayer::forward(const Variable& src, const Mask& mask) {
  const NameScope scope(path());
  const Variable x = hide_nonfinite(src, mask, options_.batch_first);
  if (options_.norm_first) {
    const Variable attended = x + self_attention(norm1_.forward(x), mask);
    return attended + feed_forward(norm2_.forward(attended));
  }
  const Variable attended = norm1_.forward(x + self_attention(x, mask));
  return norm2_.forward(attended + feed_forward(attended));
}

Variable TransformerEncoderLayer::self_attention(const Variable& x, const Mask& mask) {
  return dropout1_.forward(self_attn_.forward(x, x, x, mask, {.need_weights = false}).output);
}

Variable TransformerEncoderLayer::feed_forward(const Variable& x) {
  return dropout2_.forward(detail::position_wise(x, linear1_, dropout_, linear2_, options_.activation));
}

TransformerEncoder::TransformerEncoder(int64_t d_model, int64_t nhead, int64_t num_layers,
                                       const TransformerOptions& options) {
  check(num_layers >= 1, "TransformerEncoder", "num_layers must be 1 or more, got ", num_layers);
  for (int64_t i = 0; i < num_layers; ++i) {
    layers_.add(d_model, nhead, options);
  }
  register_module("layers", layers_);
  if (options.final_norm) {
    norm_.emplace(Shape{d_model}, detail::norm_options(options));
    register_module("norm", *norm_);
  }
}

Variable TransformerEncoder::forward(const Variable& src, const Mask& mask) {
  const NameScope scope(path());
  Variable x = src;
  for (int64_t i = 0; i < layers_.size(); ++i) {
    x = layers_[i].forward(x, mask);
  }
  return norm_ ? norm_->forward(x) : x;
}

}  // namespace heed

// The transformer's encoder.
#include <heed/nn/transformer/transformer_encoder.h>

#include <heed/tensor/scope.h>

namespace heed {

TransformerEncoderLayer::TransformerEncoderLayer(int64_t d_model, int64_t nhead, const TransformerOptions& options)
    : TransformerLayer(d_model, nhead, options, false) {}

Variable TransformerEncoderLayer::forward(const Variable& src, const Mask& mask) const {
  const NameScope scope(path());
  return record("output", feed_forward(attend_self(hide_nonfinite(src, mask, batch_first()), mask)));
}

TransformerEncoder::TransformerEncoder(int64_t d_model, int64_t nhead, int64_t num_layers,
                                       const TransformerOptions& options)
    : TransformerStack("TransformerEncoder", d_model, nhead, num_layers, options) {}

Variable TransformerEncoder::forward(const Variable& src, const Mask& mask) const {
  const NameScope scope(path());
  const Mask of_all = worked_out(mask, src);
  Variable x = src;
  for (int64_t i = 0; i < layers_.size(); ++i) {
    x = layers_[i].forward(x, of_all);
  }
  return record("output", normalized(x));
}

}  // namespace heed

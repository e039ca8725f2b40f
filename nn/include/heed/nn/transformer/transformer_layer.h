// TransformerLayer: what the layers of encoder and decoder are made of; and the stack of either.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include <heed/nn/attention/multihead_attention.h>
#include <heed/nn/core/dropout.h>
#include <heed/nn/core/layer_norm.h>
#include <heed/nn/core/linear.h>
#include <heed/nn/core/module_list.h>
#include <heed/nn/transformer/transformer_options.h>

namespace heed {

/// Self-attention, where wanted an attention to a memory, and two linear maps with an activation between, each with
/// dropout, a residual connection and layer normalisation around it: Vaswani et al. 2017, sections 3.1 and 3.3. Parts
/// have PyTorch's names, in its order.
class TransformerLayer : public Module {
 protected:
  /// Throws ValueError unless sizes are positive and nhead divides d_model.
  TransformerLayer(int64_t d_model, int64_t nhead, const TransformerOptions& options, bool reads_memory);

  /// Attention of x to itself and to the earlier steps in `cache`; adds x to the cache.
  Variable attend_self(const Variable& x, const Mask& mask, KeysAndValues* cache = nullptr) const;
  /// look(y, attention): what `attention` gives y of the memory.
  Variable attend_memory(
      const Variable& x,
      const std::function<Variable(const Variable& y, const MultiheadAttention& attention)>& look) const;
  /// W2 dropout(activation(W1 x + b1)) + b2 (equation 2).
  Variable feed_forward(const Variable& x) const;
  bool batch_first() const { return options_.batch_first; }
  const MultiheadAttention& memory_attention() const { return *multihead_attn_; }

 private:
  /// x + f(norm(x)), or norm(x + f(x)).
  Variable around(const Variable& x, const LayerNorm& norm, const std::function<Variable(const Variable&)>& f) const;

  TransformerOptions options_;
  MultiheadAttention self_attn_;
  std::unique_ptr<MultiheadAttention> multihead_attn_;
  Linear linear1_, linear2_;
  LayerNorm norm1_, norm2_;
  std::unique_ptr<LayerNorm> norm3_;
  Dropout dropout_, dropout1_, dropout2_, dropout3_;
};

/// num_layers layers, `layers.0` and so on, and where options.final_norm a normalisation `norm` after them.
template <class Layer>
class TransformerStack : public Module {
 public:
  /// Its parts, for an owner that registers them as its own: the norm is null where there is none.
  ModuleList<Layer>& layers() { return layers_; }
  const ModuleList<Layer>& layers() const { return layers_; }
  LayerNorm* norm() { return norm_ ? &*norm_ : nullptr; }

 protected:
  TransformerStack(const char* type, int64_t d_model, int64_t nhead, int64_t num_layers,
                   const TransformerOptions& options)
      : batch_axis_(options.batch_first ? 0 : 1) {
    check(num_layers >= 1, type, "num_layers must be 1 or more, got ", num_layers);
    for (int64_t i = 0; i < num_layers; ++i) {
      layers_.add(d_model, nhead, options);
    }
    register_module("layers", layers_);
    if (options.final_norm) {
      norm_.emplace(Shape{d_model}, LayerNormOptions{.eps = options.layer_norm_eps, .bias = options.bias});
      register_module("norm", *norm_);
    }
  }
  Variable normalized(const Variable& x) const { return norm_ ? norm_->forward(x) : x; }
  /// `mask` of the positions of x, behind `before` others, for all layers; x is checked by them.
  Mask worked_out(const Mask& mask, const Variable& x, int64_t before = 0) const {
    const bool sequences = x.rank() == 3 && mask.hides_positions();
    return sequences ? mask.worked_out(x.size(batch_axis_), before + x.size(1 - batch_axis_), "Transformer") : mask;
  }

  ModuleList<Layer> layers_;

 private:
  int64_t batch_axis_;
  std::optional<LayerNorm> norm_;
};

}  // namespace heed

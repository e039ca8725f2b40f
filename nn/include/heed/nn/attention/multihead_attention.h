// MultiheadAttention: several attentions side by side, each on its own projection of queries, keys and values.
#pragma once

#include <cstdint>
#include <optional>

#include <heed/autograd/attention.h>
#include <heed/nn/core/linear.h>
#include <heed/nn/core/module.h>

namespace heed {

struct MultiheadAttentionOptions {
  bool bias = true;
  std::optional<int64_t> kdim = std::nullopt;  ///< features of keys; embed_dim where not given
  std::optional<int64_t> vdim = std::nullopt;  ///< features of values; embed_dim where not given
  bool batch_first = true;                     ///< (B, T, E); else (T, B, E)
  double dropout = 0;                          ///< of the weights, in training
};

/// What one call of MultiheadAttention gives back.
struct MultiheadAttentionArguments {
  bool need_weights = true;          ///< false: attends in tiles, memory linear in the lengths
  bool average_attn_weights = true;  ///< over the heads
};

struct MultiheadAttentionOutput {
  Variable output;   ///< (B, T, E), or (T, B, E)
  Variable weights;  ///< (B, T, S), or (B, heads, T, S) when not averaged; undefined when not needed
};

/// Concat(head 1 … head h) W^O, head i = softmax(Q_i K_iᵀ / √D) V_i with Q_i = Q W_i^Q and so on, D = E / h: Vaswani et
/// al. 2017, section 3.2.2; PyTorch's torch.nn.MultiheadAttention. Parameters `in_proj_weight` (3E, E), or
/// `q_proj_weight` (E, E), `k_proj_weight` (E, kdim), `v_proj_weight` (E, vdim) when sizes differ; `in_proj_bias` (3E);
/// `out_proj.weight` (E, E), `out_proj.bias` (E). Projections start Xavier-uniform, biases as zeros.
///
/// A query that may see nothing has weights of exactly zero. What is not finite in a hidden position reaches no output
/// of the queries it is hidden from, and no gradient of the parameters when it is hidden from all.
class MultiheadAttention : public Module {
 public:
  /// Throws ValueError unless sizes are positive and num_heads divides embed_dim, and for a dropout outside [0, 1].
  MultiheadAttention(int64_t embed_dim, int64_t num_heads, const MultiheadAttentionOptions& options = {});
  /// query (B, T, E), key (B, S, kdim), value (B, S, vdim); the same Variable as all three costs one projection. mask:
  /// of the scores (B, heads, T, S); how PyTorch's masks are written as one, mask.h says. Throws ShapeError,
  /// DTypeError.
  MultiheadAttentionOutput forward(const Variable& query, const Variable& key, const Variable& value,
                                   const Mask& mask = {}, const MultiheadAttentionArguments& options = {});

  int64_t embed_dim() const { return embed_dim_; }
  int64_t num_heads() const { return num_heads_; }
  bool batch_first() const { return options_.batch_first; }

 private:
  struct Inputs {
    Variable query, key, value;  // (B, T, E), (B, S, kdim), (B, S, vdim)
  };
  void make_parameters();
  Inputs checked(const Variable& query, const Variable& key, const Variable& value) const;
  Inputs visible(const Inputs& inputs, const Mask& mask) const;
  Inputs projected(const Inputs& inputs) const;
  AttentionResult attended(const Inputs& projections, const Mask& mask, bool need_weights) const;
  Variable heads(const Variable& x) const;

  int64_t embed_dim_, num_heads_;
  MultiheadAttentionOptions options_;
  Variable in_proj_weight_, q_proj_weight_, k_proj_weight_, v_proj_weight_, in_proj_bias_;
  Linear out_proj_;
};

}  // namespace heed

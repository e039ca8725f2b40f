// MultiheadAttention: several attentions side by side, each on its own projection of queries, keys and values.
#pragma once

#include <cstdint>
#include <optional>

#include <heed/nn/attention/score_term.h>
#include <heed/nn/core/linear.h>

namespace heed {

struct MultiheadAttentionOptions {
  bool bias = true;
  std::optional<int64_t> kdim = std::nullopt;  ///< features of keys; embed_dim where not given
  std::optional<int64_t> vdim = std::nullopt;  ///< features of values; embed_dim where not given
  bool batch_first = true;                     ///< (B, T, E); else (T, B, E)
  double dropout = 0;                          ///< of the weights, in training
  MakeScoreTerm score_term = {};               ///< what its heads know of positions; nothing where not given
};

/// Keys and values of all heads, (B, heads, S, D) each; undefined when there are none yet.
struct KeysAndValues {
  Variable keys = {}, values = {};

  int64_t steps() const { return keys.defined() ? keys.size(2) : 0; }
};

/// Options of one call of MultiheadAttention.
struct MultiheadAttentionArguments {
  bool need_weights = true;          ///< false: attends in tiles, memory linear in the lengths
  bool average_attn_weights = true;  ///< over the heads
  KeysAndValues past = {};           ///< of the steps before: query, key and value stand behind them
};

struct MultiheadAttentionOutput {
  Variable output;      ///< (B, T, E), or (T, B, E)
  Variable weights;     ///< (B, T, S), or (B, heads, T, S) when not averaged; undefined when not needed
  KeysAndValues cache;  ///< all that was attended to: the next call's `past`
};

/// Concat(head 1 … head h) W^O, head i = softmax(Q_i K_iᵀ / √D) V_i with Q_i = Q W_i^Q and so on, D = E / h: Vaswani et
/// al. 2017, section 3.2.2; PyTorch's torch.nn.MultiheadAttention. Parameters `in_proj_weight` (3E, E), or
/// `q_proj_weight` (E, E), `k_proj_weight` (E, kdim), `v_proj_weight` (E, vdim) when sizes differ; `in_proj_bias` (3E);
/// `out_proj.weight` (E, E), `out_proj.bias` (E); those of the score term under `score_term`. Projections start
/// Xavier-uniform, biases as zeros.
///
/// A query that may see nothing has weights of exactly zero. What is not finite in a hidden position reaches no output
/// of the queries it is hidden from, and no gradient of the parameters when it is hidden from all.
class MultiheadAttention : public Module {
 public:
  /// Throws ValueError unless sizes are positive and num_heads divides embed_dim, and for a dropout outside [0, 1].
  MultiheadAttention(int64_t embed_dim, int64_t num_heads, const MultiheadAttentionOptions& options = {});
  /// query (B, T, E), key (B, S, kdim), value (B, S, vdim); the same Variable as all three costs one projection. mask:
  /// of the scores (B, heads, T, P + S) with P steps in the past, behind which a causal mask begins; how PyTorch's
  /// masks are written as one, mask.h says. Throws ShapeError, DTypeError.
  MultiheadAttentionOutput forward(const Variable& query, const Variable& key, const Variable& value,
                                   const Mask& mask = {}, const MultiheadAttentionArguments& options = {}) const;
  /// Of a memory that prepare() has projected, for many calls; options.past is not looked at.
  MultiheadAttentionOutput forward(const Variable& query, const KeysAndValues& memory, const Mask& mask = {},
                                   const MultiheadAttentionArguments& options = {}) const;
  /// key (B, S, kdim), value (B, S, vdim). What is not finite counts as zeros where padding or lengths of `mask` hide
  /// it. Throws ShapeError.
  KeysAndValues prepare(const Variable& key, const Variable& value, const Mask& mask = {}) const;

  int64_t embed_dim() const { return embed_dim_; }
  int64_t num_heads() const { return num_heads_; }

 private:
  struct Inputs {
    Variable query, key, value;  // (B, T, E), (B, S, kdim), (B, S, vdim)
  };
  struct Projection {
    Variable weight, bias;
  };
  void make_parameters();
  void check_input(const char* name, const Variable& x, int64_t features) const;
  Variable batch_major(const Variable& x) const;
  Inputs checked(const Variable& query, const Variable& key, const Variable& value) const;
  Inputs visible(const Inputs& inputs, const Mask& mask, int64_t before) const;
  std::vector<Projection> projections(bool joint) const;
  Inputs projected(const Inputs& inputs) const;
  Variable heads(const Variable& x) const;
  Variable placed(const Variable& x, int64_t first) const;
  MultiheadAttentionOutput attended(const Variable& query, KeysAndValues all, int64_t first, const Mask& mask,
                                    const MultiheadAttentionArguments& options) const;

  int64_t embed_dim_, num_heads_;
  MultiheadAttentionOptions options_;
  Variable in_proj_weight_, q_proj_weight_, k_proj_weight_, v_proj_weight_, in_proj_bias_;
  Linear out_proj_;
  std::unique_ptr<ScoreTerm> score_term_;
};

}  // namespace heed

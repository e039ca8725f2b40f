// Attention: layers that look into a memory. Derive from it to add your own: keys() and scores() are enough.
#pragma once

#include <optional>

#include <heed/autograd/mask.h>
#include <heed/nn/core/linear.h>

namespace heed {

struct AttentionOutput {
  Variable context;  ///< (B, T, M), Σ weights · memory
  Variable weights;  ///< (B, T, S), each row non-negative and of sum 1, or all 0 where everything is hidden
};

/// A memory prepared for many queries.
struct AttentionMemory {
  Variable memory = {};  ///< (B, S, M), zero where hidden
  Variable keys = {};    ///< (B, S, ·), what queries are compared with
  Tensor mask = {};      ///< (B, S) bool, true = hidden; or undefined
};

/// The parameters of additive scores, v·tanh(W s + key).
struct AdditiveScore {
  Variable w_query;    ///< W (A, Q)
  Variable direction;  ///< v (A)
};

/// weights = softmax(scores(query, keys)) over what the mask leaves.
class Attention : public Module {
 public:
  /// memory (B, S, M); mask: positions of it, (B, S). Throws ShapeError, DTypeError, and ValueError for another mask.
  AttentionMemory prepare(const Variable& memory, const Mask& mask = {}) const;
  /// query (B, T, Q). A loop prepares the memory once and calls this at each step. Throws ShapeError.
  AttentionOutput forward(const Variable& query, const AttentionMemory& prepared) const;
  /// Both at once.
  AttentionOutput forward(const Variable& query, const Variable& memory, const Mask& mask = {}) const;

  /// Additive scores' parameters; none for others. What has them can run as part of a larger operation, attention_lstm.
  virtual std::optional<AdditiveScore> additive_score() const { return {}; }

  int64_t query_size() const { return query_size_; }
  int64_t memory_size() const { return memory_size_; }

 protected:
  /// Throws ValueError for sizes below 1. `type` stands in front of error messages.
  Attention(const char* type, int64_t query_size, int64_t memory_size);
  /// What depends on the memory (B, S, M) alone: (B, S, ·).
  virtual Variable keys(const Variable& memory) const = 0;
  /// query (B, T, Q), keys (B, S, ·) → (B, T, S).
  virtual Variable scores(const Variable& query, const Variable& keys) const = 0;

 private:
  const char* type_;
  int64_t query_size_;
  int64_t memory_size_;
};

/// v·tanh(W s + U h): Bahdanau, Cho, Bengio 2015, appendix A.1.2. Parameters `query_proj.weight` (A, Q),
/// `memory_proj.weight` (A, M), `score_proj.weight` (1, A); no biases.
class AdditiveAttention : public Attention {
 public:
  AdditiveAttention(int64_t query_size, int64_t memory_size, int64_t attention_size);
  std::optional<AdditiveScore> additive_score() const final;

 protected:
  // Final: attention_lstm computes the same of additive_score(). For other scores derive from Attention.
  Variable keys(const Variable& memory) const final;
  Variable scores(const Variable& query, const Variable& keys) const final;

 private:
  Linear query_proj_, memory_proj_, score_proj_;
};

/// query · memory / √D: Vaswani et al. 2017, equation 1, the memory being keys and values. No parameters. With keys and
/// values apart: scaled_dot_product_attention() of heed/autograd/attention.h.
class ScaledDotProductAttention : public Attention {
 public:
  explicit ScaledDotProductAttention(int64_t size);

 protected:
  Variable keys(const Variable& memory) const override;
  Variable scores(const Variable& query, const Variable& keys) const override;
};

}  // namespace heed

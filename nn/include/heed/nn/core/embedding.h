// Embedding: a learned vector for each symbol.
#pragma once

#include <optional>

#include <heed/nn/core/unary_module.h>

namespace heed {

struct EmbeddingOptions {
  /// This row starts as zeros and gets no gradient; negative counts from the end.
  std::optional<int64_t> padding_idx = std::nullopt;
};

/// Rows of the parameter `weight` (V, E), normal(0, 1) at first, by ids (PyTorch's torch.nn.Embedding).
class Embedding : public UnaryModule {
 public:
  /// Throws ValueError for a negative size, IndexError for a padding_idx outside the rows.
  Embedding(int64_t num_embeddings, int64_t embedding_dim, const EmbeddingOptions& options = {});
  /// ids (…) int64 → (…, E). Throws DTypeError, and IndexError for an id outside 0 … V-1.
  Variable forward(const Variable& ids) const override;

  int64_t num_embeddings() const { return weight_.size(0); }
  int64_t embedding_dim() const { return weight_.size(1); }
  /// To be read, initialised anew, or tied with an output layer's.
  Variable& weight() { return weight_; }
  const Variable& weight() const { return weight_; }

 private:
  Variable weight_;
  std::optional<int64_t> padding_idx_;
};

}  // namespace heed

// Embedding: a learned vector for each symbol.
#include <heed/nn/core/embedding.h>

#include <heed/autograd/index.h>
#include <heed/nn/core/init.h>
#include <heed/tensor/create.h>
#include <heed/tensor/detail/operation_scope.h>
#include <heed/tensor/error.h>
#include <heed/tensor/scope.h>
#include <heed/tensor/view.h>

namespace heed {

Embedding::Embedding(int64_t num_embeddings, int64_t embedding_dim, const EmbeddingOptions& options)
    : padding_idx_(options.padding_idx) {
  check(num_embeddings >= 0 && embedding_dim >= 0, "Embedding", "sizes must be 0 or more, got ", num_embeddings,
        " and ", embedding_dim);
  const detail::OperationScope operation("Embedding");
  weight_ = Variable(empty({num_embeddings, embedding_dim}), true);
  normal_(weight_);
  if (padding_idx_) {
    const int64_t row = *padding_idx_ < 0 ? *padding_idx_ + num_embeddings : *padding_idx_;
    check<IndexError>(row >= 0 && row < num_embeddings, "Embedding", "padding_idx must be one of ", num_embeddings,
                      " rows, got ", *padding_idx_);
    Tensor padding = select(weight_.mutable_value(), 0, row);
    fill_(padding, 0);
  }
  register_parameter("weight", weight_);
}

Variable Embedding::forward(const Variable& ids) const {
  const NameScope scope(path());
  return record("output", embedding(weight_, ids.value(), padding_idx_));
}

}  // namespace heed

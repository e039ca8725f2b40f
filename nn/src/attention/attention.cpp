// Attention: layers that look into a memory.
#include <heed/nn/attention/attention.h>

#include <cmath>

#include <heed/autograd/attention.h>
#include <heed/autograd/elementwise.h>
#include <heed/autograd/matmul.h>
#include <heed/autograd/view.h>
#include <heed/tensor/error.h>
#include <heed/tensor/scope.h>

#include "core/require_result.h"

namespace heed {

Attention::Attention(const char* type, int64_t query_size, int64_t memory_size)
    : type_(type), query_size_(query_size), memory_size_(memory_size) {
  check(query_size >= 1 && memory_size >= 1, type, "sizes must be at least 1, got ", query_size, " and ", memory_size);
}

AttentionMemory Attention::prepare(const Variable& memory, const Mask& mask) const {
  const NameScope scope(path());
  check<ShapeError>(memory.rank() == 3 && memory.size(2) == memory_size_, type_, "memory must be (B, S, ", memory_size_,
                    "), got ", detail::given(memory));
  const Tensor hidden = mask.positions(memory.size(0), memory.size(1), type_);
  const Variable visible = hide(memory, Mask::padding(hidden));
  const Variable compared = keys(visible);
  if (!compared.defined() || compared.rank() != 3 || compared.size(0) != memory.size(0) ||
      compared.size(1) != memory.size(1)) {
    fail<ShapeError>(type_, "keys() must be (", memory.size(0), ", ", memory.size(1), ", ·), got ",
                     detail::given(compared));
  }
  return {visible, compared, hidden};
}

AttentionOutput Attention::forward(const Variable& query, const AttentionMemory& prepared) const {
  const NameScope scope(path());
  check(prepared.memory.defined() && prepared.keys.defined(), type_, "needs what prepare() gives, got an empty memory");
  check<ShapeError>(query.rank() == 3 && query.size(2) == query_size_ && query.size(0) == prepared.memory.size(0),
                    type_, "query must be (", prepared.memory.size(0), ", T, ", query_size_, "), got ",
                    detail::given(query));
  const Variable compared = scores(query, prepared.keys);
  detail::require_result(compared, {query.size(0), query.size(1), prepared.memory.size(1)}, type_, "scores()");
  record_only("scores", compared);
  const Variable weights = record("weights", masked_softmax(compared, Mask::padding(prepared.mask)));
  return {record("output", matmul(weights, prepared.memory)), weights};
}

AttentionOutput Attention::forward(const Variable& query, const Variable& memory, const Mask& mask) const {
  return forward(query, prepare(memory, mask));
}

AdditiveAttention::AdditiveAttention(int64_t query_size, int64_t memory_size, int64_t attention_size)
    : Attention("AdditiveAttention", query_size, memory_size),
      query_proj_(query_size, attention_size, {.bias = false}),
      memory_proj_(memory_size, attention_size, {.bias = false}),
      score_proj_(attention_size, 1, {.bias = false}) {
  check(attention_size >= 1, "AdditiveAttention", "attention_size must be at least 1, got ", attention_size);
  register_module("query_proj", query_proj_);
  register_module("memory_proj", memory_proj_);
  register_module("score_proj", score_proj_);
}

std::optional<AdditiveScore> AdditiveAttention::additive_score() const {
  return AdditiveScore{query_proj_.weight(), squeeze(score_proj_.weight(), 0)};
}

Variable AdditiveAttention::keys(const Variable& memory) const { return memory_proj_.forward(memory); }

Variable AdditiveAttention::scores(const Variable& query, const Variable& keys) const {
  return additive_scores(query_proj_.forward(query), keys, squeeze(score_proj_.weight(), 0));
}

ScaledDotProductAttention::ScaledDotProductAttention(int64_t size)
    : Attention("ScaledDotProductAttention", size, size) {}

Variable ScaledDotProductAttention::keys(const Variable& memory) const { return memory; }

Variable ScaledDotProductAttention::scores(const Variable& query, const Variable& keys) const {
  return matmul(query * (1 / std::sqrt(static_cast<double>(query_size()))), transpose(keys, 1, 2));
}

}  // namespace heed

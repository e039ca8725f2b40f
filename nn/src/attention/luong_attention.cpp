// LuongAttention: attention with one of three scores.
#include <heed/nn/attention/luong_attention.h>

#include <heed/autograd/attention.h>
#include <heed/autograd/matmul.h>
#include <heed/autograd/view.h>
#include <heed/tensor/error.h>

namespace heed {

LuongAttention::LuongAttention(int64_t query_size, int64_t memory_size, LuongScore score)
    : Attention("LuongAttention", query_size, memory_size), score_(score) {
  const LinearOptions without_bias{.bias = false};
  switch (score) {
    case LuongScore::dot:
      check(query_size == memory_size, "LuongAttention",
            "dot needs query and memory of one size (general takes two), got ", query_size, " and ", memory_size);
      break;
    case LuongScore::general:
      register_module("memory_proj", memory_proj_.emplace(memory_size, query_size, without_bias));
      break;
    case LuongScore::concat:
      register_module("concat_proj", concat_proj_.emplace(query_size + memory_size, query_size, without_bias));
      register_module("score_proj", score_proj_.emplace(query_size, 1, without_bias));
      break;
  }
}

// W [s; h] is W_s s + W_h h, W's columns split: (B, T, S, Q + M) need not be made.

Variable LuongAttention::keys(const Variable& memory) const {
  switch (score_) {
    case LuongScore::general:
      return memory_proj_->forward(memory);
    case LuongScore::concat:
      return linear(memory, narrow(concat_proj_->weight(), 1, query_size(), memory_size()));
    default:
      return memory;
  }
}

Variable LuongAttention::scores(const Variable& query, const Variable& keys) const {
  if (score_ != LuongScore::concat) {
    return matmul(query, transpose(keys, 1, 2));
  }
  const Variable projected = linear(query, narrow(concat_proj_->weight(), 1, 0, query_size()));
  return additive_scores(projected, keys, squeeze(score_proj_->weight(), 0));
}

}  // namespace heed

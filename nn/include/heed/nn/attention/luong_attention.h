// LuongAttention: attention with one of three scores.
#pragma once

#include <optional>

#include <heed/nn/attention/attention.h>

namespace heed {

enum class LuongScore { dot, general, concat };

/// Luong, Pham, Manning 2015, section 3.1. Scores and parameters, without biases:
///   dot      s·h             none; query and memory must be of one size
///   general  s·(W h)         `memory_proj.weight` (Q, M)
///   concat   v·tanh(W [s; h])  `concat_proj.weight` (Q, Q + M), `score_proj.weight` (1, Q)
class LuongAttention : public Attention {
 public:
  /// Throws ValueError for sizes below 1, and for two sizes with dot.
  LuongAttention(int64_t query_size, int64_t memory_size, LuongScore score = LuongScore::dot);

 protected:
  Variable keys(const Variable& memory) const override;
  Variable scores(const Variable& query, const Variable& keys) const override;

 private:
  LuongScore score_;
  std::optional<Linear> memory_proj_, concat_proj_, score_proj_;
};

}  // namespace heed

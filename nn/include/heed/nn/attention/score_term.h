// ScoreTerm: what the heads of an attention know of positions. The kinds there are: alibi.h, rotary.h,
// relative_attention.h. Derive from it to add one.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include <heed/autograd/attention.h>
#include <heed/nn/core/module.h>

namespace heed {

/// Keys stand at positions 0, 1, … and queries at `first`, first + 1, …: `first` is the number of steps in a cache.
/// Each function may be left as it is: the score is then that of scaled dot-product attention.
class ScoreTerm : public Module {
 public:
  /// Queries or keys (B, heads, T, D) before they meet, the first at position `first` → as x. Keys are kept in a cache
  /// as this gives them.
  virtual Variable place(const Variable& x, int64_t first) const;
  /// Attention of query (B, heads, T, D) to key and value (B, heads, S, D) that place() has seen.
  virtual AttentionResult attend(const Variable& query, const Variable& key, const Variable& value, const Mask& mask,
                                 int64_t first, const ScaledDotProductOptions& options) const;
};

/// Makes the term of an attention with so many heads of that size.
using MakeScoreTerm = std::function<std::unique_ptr<ScoreTerm>(int64_t heads, int64_t head_size)>;

}  // namespace heed

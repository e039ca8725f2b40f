// ScoreTerm: what it is where nothing is overridden.
#include <heed/nn/attention/score_term.h>

namespace heed {

Variable ScoreTerm::place(const Variable& x, int64_t) const { return x; }

AttentionResult ScoreTerm::attend(const Variable& query, const Variable& key, const Variable& value, const Mask& mask,
                                  int64_t, const ScaledDotProductOptions& options) const {
  return scaled_dot_product_attention(query, key, value, mask, options);
}

}  // namespace heed

// Looks for hidden vectors that are not finite; in training on finite data there are none, and x goes through
// untouched.
#include "core/hidden_positions.h"

#include <heed/autograd/elementwise.h>
#include <heed/tensor/reduce.h>
#include <heed/tensor/view.h>

namespace heed::detail {

Variable without_nonfinite_hidden(const Variable& x, const Tensor& hidden) {
  if (!hidden.defined() || all_finite(x.value())) {
    return x;
  }
  const Tensor nonfinite = any(logical_not(isfinite(x.value())), {-1}, true);
  return masked_fill(x, logical_and(nonfinite, unsqueeze(hidden, -1)), 0);
}

}  // namespace heed::detail

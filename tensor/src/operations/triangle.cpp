// Triangles of matrices.
#include <heed/tensor/detail/operation_scope.h>
#include <heed/tensor/triangle.h>

#include <algorithm>
#include <limits>

#include <heed/tensor/detail/triangle.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/index.h>

#include "core/require.h"

namespace heed {

Tensor above_diagonal(const Tensor& x, int64_t diagonal, const char* op) {
  detail::require_defined(x, op);
  check<ShapeError>(x.rank() >= 2, op, "needs a matrix (…, R, C), got ", x.shape());
  const int64_t rows = x.size(-2), columns = x.size(-1);
  // Further diagonals name the same triangles, and no sum with them overflows.
  return causal_mask(rows, columns, std::clamp(diagonal, -rows - 1, columns + 1));
}

Tensor below_diagonal(const Tensor& x, int64_t diagonal, const char* op) {
  return logical_not(above_diagonal(x, std::max(diagonal, std::numeric_limits<int64_t>::min() + 1) - 1, op));
}

Tensor tril(const Tensor& x, int64_t diagonal) {
  const detail::OperationScope operation("tril");
  return masked_fill(x, above_diagonal(x, diagonal, "tril"), 0);
}

Tensor triu(const Tensor& x, int64_t diagonal) {
  const detail::OperationScope operation("triu");
  return masked_fill(x, below_diagonal(x, diagonal, "triu"), 0);
}

}  // namespace heed

// Triangles of matrices.
#include <heed/autograd/triangle.h>
#include <heed/tensor/detail/operation_scope.h>

#include <heed/autograd/elementwise.h>
#include <heed/tensor/detail/triangle.h>

namespace heed {

Variable tril(const Variable& x, int64_t diagonal) {
  const detail::OperationScope operation("tril");
  return masked_fill(x, above_diagonal(x.value(), diagonal, "tril"), 0);
}

Variable triu(const Variable& x, int64_t diagonal) {
  const detail::OperationScope operation("triu");
  return masked_fill(x, below_diagonal(x.value(), diagonal, "triu"), 0);
}

}  // namespace heed

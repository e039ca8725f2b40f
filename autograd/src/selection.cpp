// Elements chosen by a condition.
#include <heed/autograd/selection.h>
#include <heed/tensor/detail/operation_scope.h>

#include <heed/autograd/index.h>
#include <heed/autograd/view.h>
#include <heed/tensor/detail/selection.h>

namespace heed {

Variable masked_select(const Variable& x, const Tensor& mask) {
  const detail::OperationScope operation("masked_select");
  const Shape shape = masked_shape(x.value(), mask);
  return index_select(reshape(expand(x, shape), {-1}), 0, masked_places(mask, shape));
}

}  // namespace heed

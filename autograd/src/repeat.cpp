// Copies of a Variable side by side.
#include <heed/autograd/repeat.h>
#include <heed/tensor/detail/operation_scope.h>

#include <heed/autograd/view.h>
#include <heed/tensor/detail/repeat.h>

namespace heed {

Variable repeat(const Variable& x, const Shape& repeats) {
  const detail::OperationScope operation("repeat");
  detail::require_repeats(x.value(), repeats);
  return detail::repeated(x, repeats);
}

}  // namespace heed

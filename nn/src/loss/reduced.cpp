// What losses share.
#include "loss/reduced.h"

#include <heed/autograd/reduce.h>
#include <heed/tensor/error.h>

namespace heed::detail {

Variable reduced(const Variable& losses, Reduction reduction) {
  switch (reduction) {
    case Reduction::none:
      return losses;
    case Reduction::sum:
      return sum(losses);
    default:
      return mean(losses);
  }
}

void check_same_shape(const Variable& input, const Variable& target, const char* op) {
  check<ShapeError>(input.shape() == target.shape(), op, "input and target must have one shape, got ", input.shape(),
                    " and ", target.shape());
}

}  // namespace heed::detail

// Losses.
#include <heed/nn/loss/loss.h>

#include <heed/autograd/elementwise.h>
#include <heed/autograd/reduce.h>
#include <heed/tensor/error.h>

namespace heed {

Variable mse_loss(const Variable& input, const Variable& target, Reduction reduction) {
  check<ShapeError>(input.shape() == target.shape(), "mse_loss", "input and target must have one shape, got ",
                    input.shape(), " and ", target.shape());
  const Variable difference = input - target;
  Variable squares = difference * difference;
  switch (reduction) {
    case Reduction::none:
      return squares;
    case Reduction::sum:
      return sum(squares);
    default:
      return mean(squares);
  }
}

}  // namespace heed

// Linear: an affine map of the last axis.
#include <heed/nn/core/linear.h>

#include <cmath>

#include <heed/autograd/matmul.h>
#include <heed/nn/core/init.h>
#include <heed/tensor/create.h>
#include <heed/tensor/detail/operation_scope.h>
#include <heed/tensor/error.h>
#include <heed/tensor/scope.h>

#include "core/require_result.h"

namespace heed {

Linear::Linear(int64_t in_features, int64_t out_features, const LinearOptions& options) {
  check(in_features >= 0 && out_features >= 0, "Linear", "sizes must be 0 or more, got ", in_features, " and ",
        out_features);
  const detail::OperationScope operation("Linear");
  const double bound = in_features == 0 ? 0 : 1 / std::sqrt(static_cast<double>(in_features));
  weight_ = Variable(empty({out_features, in_features}), true);
  uniform_(weight_, -bound, bound);
  if (options.bias) {
    bias_ = Variable(empty({out_features}), true);
    uniform_(bias_, -bound, bound);
  }
  register_parameter("weight", weight_);
  register_parameter("bias", bias_);
}

Variable Linear::forward(const Variable& x) const {
  const NameScope scope(path());
  check<ShapeError>(x.rank() >= 1 && x.size(-1) == in_features(), "Linear", "input must be (…, ", in_features(),
                    "), got ", detail::given(x));
  detail::require_dtype_of(weight_, x, "Linear", "input");
  return record("output", linear(x, weight_, bias_));
}

}  // namespace heed

// RMSNorm: normalises each example by its own size.
#include <heed/nn/core/rms_norm.h>

#include <algorithm>

#include <heed/autograd/rms_norm.h>
#include <heed/tensor/create.h>
#include <heed/tensor/detail/operation_scope.h>
#include <heed/tensor/error.h>
#include <heed/tensor/scope.h>

#include "core/require_result.h"

namespace heed {

RMSNorm::RMSNorm(const Shape& normalized_shape, const RMSNormOptions& options)
    : normalized_shape_(normalized_shape), eps_(options.eps) {
  check(!normalized_shape.empty(), "RMSNorm", "normalized_shape must have an axis, got ()");
  check(!options.eps || *options.eps >= 0, "RMSNorm", "eps must be 0 or more, got ", options.eps.value_or(0));
  const detail::OperationScope operation("RMSNorm");
  if (options.elementwise_affine) {
    weight_ = Variable(ones(normalized_shape), true);
  }
  register_parameter("weight", weight_);
}

Variable RMSNorm::forward(const Variable& x) const {
  const NameScope scope(path());
  const int64_t axes = normalized_shape_.rank();
  check<ShapeError>(x.rank() >= axes && std::equal(normalized_shape_.begin(), normalized_shape_.end(),
                                                   x.shape().end() - std::min(axes, x.rank())),
                    "RMSNorm", "input must end in ", normalized_shape_, ", got ", detail::given(x));
  if (weight_.defined()) {
    detail::require_dtype_of(weight_, x, "RMSNorm", "input");
  }
  return record("output", rms_norm(x, axes, weight_, eps_));
}

}  // namespace heed

// LayerNorm: normalises each example by itself.
#include <heed/nn/core/layer_norm.h>

#include <algorithm>

#include <heed/autograd/norm.h>
#include <heed/tensor/create.h>
#include <heed/tensor/detail/operation_scope.h>
#include <heed/tensor/error.h>
#include <heed/tensor/scope.h>

#include "core/require_result.h"

namespace heed {

LayerNorm::LayerNorm(const Shape& normalized_shape, const LayerNormOptions& options)
    : normalized_shape_(normalized_shape), eps_(options.eps) {
  check(!normalized_shape.empty(), "LayerNorm", "normalized_shape must have an axis, got ()");
  check(options.eps >= 0, "LayerNorm", "eps must be 0 or more, got ", options.eps);
  const detail::OperationScope operation("LayerNorm");
  if (options.elementwise_affine) {
    weight_ = Variable(ones(normalized_shape), true);
    bias_ = options.bias ? Variable(zeros(normalized_shape), true) : Variable();
  }
  register_parameter("weight", weight_);
  register_parameter("bias", bias_);
}

Variable LayerNorm::forward(const Variable& x) const {
  const NameScope scope(path());
  const int64_t axes = normalized_shape_.rank();
  check<ShapeError>(x.rank() >= axes && std::equal(normalized_shape_.begin(), normalized_shape_.end(),
                                                   x.shape().end() - std::min(axes, x.rank())),
                    "LayerNorm", "input must end in ", normalized_shape_, ", got ", detail::given(x));
  if (weight_.defined()) {
    detail::require_dtype_of(weight_, x, "LayerNorm", "input");
  }
  return record("output", layer_norm(x, axes, weight_, bias_, eps_));
}

}  // namespace heed

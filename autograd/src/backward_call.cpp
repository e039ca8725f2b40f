// Backward functions and hooks: called, and what they return checked.
#include "backward_call.h"

#include <heed/autograd/anomaly.h>
#include <heed/tensor/detail/operation_scope.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>
#include <heed/tensor/scope.h>

namespace heed::detail {

std::string describe(const Node& node) {
  const std::string where = node.scope().empty() ? "" : node.scope() + ": ";
  return where + "backward of " + node.name();
}

namespace {

/// True when the results of its backward function must be finite.
bool is_watched(const Node& node) { return AnomalyMode::enabled() || node.watched(); }

}  // namespace

Gradients call_backward(Node& node, const BackwardContext& context) {
  if (!is_watched(node)) {
    const OperationScope operation = OperationScope::backward_of(node.name());
    return node.apply(context);
  }
  const std::string name = describe(node);
  const NameScope scope(name);
  const OperationScope operation = OperationScope::within_backward();
  const AnomalyMode quiet(false);  // an intermediate value that is not finite may be masked
  return node.apply(context);
}

void check_gradient(const Node& node, size_t input, const Variable& gradient, const Shape& shape, DType dtype) {
  if (gradient.shape() != shape || gradient.dtype() != dtype) [[unlikely]] {
    fail<GraphError>(describe(node), "the gradient of input ", input, " must be ", dtype, " ", shape, ", got ",
                     gradient.dtype(), " ", gradient.shape());
  }
  if (is_watched(node) && !all_finite(gradient.value())) {
    fail<AnomalyError>(describe(node), "made a gradient of input ", input, " that is not finite");
  }
}

void apply_hook(const GradientHook& hook, Variable& gradient) {
  Variable replaced = hook(gradient);
  if (!replaced.defined()) {
    return;
  }
  check<GraphError>(replaced.shape() == gradient.shape() && replaced.dtype() == gradient.dtype(), "hook",
                    "must return a gradient of ", gradient.dtype(), " ", gradient.shape(), ", got ", replaced.dtype(),
                    " ", replaced.shape());
  gradient = std::move(replaced);
}

}  // namespace heed::detail

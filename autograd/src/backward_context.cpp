// BackwardContext: what the backward function of a node is told by the engine.
#include <heed/tensor/create.h>
#include <heed/tensor/error.h>

#include "backward_pass.h"
#include "variable_state.h"

namespace heed {

bool BackwardContext::needs(int64_t index) const { return pass_.wants(node_.edges()[static_cast<size_t>(index)]); }

const Shape& BackwardContext::input_shape(int64_t index) const {
  const detail::Edge& edge = node_.edges()[static_cast<size_t>(index)];
  check<GraphError>(edge.exists(), node_.name(), "input ", index, " requires no gradient: its shape was not recorded");
  return edge.leaf ? edge.leaf->value.shape() : edge.node->outputs()[static_cast<size_t>(edge.index)].shape;
}

Variable BackwardContext::grad(int64_t index) const {
  const Variable& gradient = gradients_[static_cast<size_t>(index)];
  if (gradient.defined()) {
    return gradient;
  }
  const detail::OutputInfo& info = node_.outputs()[static_cast<size_t>(index)];
  return zeros(info.shape, info.dtype);
}

}  // namespace heed

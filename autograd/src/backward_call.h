// Backward functions and hooks: called, and what they return checked.
#pragma once

#include <string>

#include <heed/autograd/node.h>
#include <heed/autograd/variable.h>

namespace heed::detail {

/// "module: backward of name", for errors.
std::string describe(const Node& node);

/// Calls the backward function; that of a watched node runs under its name, and only its results are checked.
Gradients call_backward(Node& node, const BackwardContext& context);

/// Throws GraphError unless the gradient of `input` has that shape and dtype; AnomalyError when it is watched and not
/// finite.
void check_gradient(const Node& node, size_t input, const Variable& gradient, const Shape& shape, DType dtype);

/// Replaces `gradient` by what `hook` returns, if that is defined. Throws GraphError when it does not fit.
void apply_hook(const GradientHook& hook, Variable& gradient);

}  // namespace heed::detail

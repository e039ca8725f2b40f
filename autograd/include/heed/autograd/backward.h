// Differentiates recorded graphs. Nothing recurses: graphs may be a million nodes deep.
#pragma once

#include <functional>
#include <vector>

#include <heed/autograd/node.h>
#include <heed/autograd/variable.h>

namespace heed {

struct BackwardOptions {
  /// The gradient of the root, of its shape; may be left out for a root of one element (it is 1 then).
  Tensor gradient = {};
  /// Keep what was saved, so that backward can run through the same graph again.
  bool retain_graph = false;
};

/// Adds the gradient of `root` with respect to each leaf that requires it into the leaf's grad().
/// When something throws, no leaf's grad() has changed. Throws GraphError, ShapeError.
void backward(const Variable& root, const BackwardOptions& options = {});

struct GradOptions {
  /// A gradient for each output; may be left out (or single ones undefined) for outputs of one element.
  std::vector<Variable> gradients = {};
  /// Record the computation of the gradients, so that they can be differentiated in turn.
  bool create_graph = false;
  /// Keep what was saved. create_graph keeps it as well.
  bool retain_graph = false;
  /// Give an undefined Variable for an input that no output depends on, instead of throwing.
  bool allow_unused = false;
};

/// The gradients of Σ outputs·gradients with respect to `inputs` (leaves or not), in order. No grad() changes.
/// Throws GraphError, ShapeError.
std::vector<Variable> grad(const std::vector<Variable>& outputs, const std::vector<Variable>& inputs,
                           const GradOptions& options = {});

using VariableFunction = std::function<std::vector<Variable>(const std::vector<Variable>&)>;

/// For the backward of a fused operation when grad_enabled(), i.e. when gradients of gradients are asked for: computes
/// `composite`, the same operation in elementary ones, of `inputs` and differentiates that. Undefined inputs are passed
/// on and get undefined gradients.
Gradients composite_backward(const BackwardContext& context, const std::vector<Variable>& inputs,
                             const VariableFunction& composite);

}  // namespace heed

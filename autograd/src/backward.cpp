// The two entry points, and differentiation of fused operations through their composites.
#include <heed/autograd/backward.h>

#include <heed/autograd/grad_mode.h>
#include <heed/tensor/create.h>
#include <heed/tensor/detail/operation_scope.h>
#include <heed/tensor/error.h>

#include "backward_pass.h"

namespace heed {
namespace {

void check_root(const Variable& root, const char* op) {
  check<GraphError>(root.defined(), op, "an output is undefined");
  check<GraphError>(root.requires_grad(), op, "an output of shape ", root.shape(),
                    " depends on nothing that requires a gradient (or was computed while recording was off)");
}

Variable root_gradient(const Variable& root, const Variable& given, const char* op) {
  if (!given.defined()) {
    check<ShapeError>(root.numel() == 1, op, "an output of shape ", root.shape(),
                      " needs a gradient to start from; only one of a single element does without");
    return ones(root.shape(), root.dtype());
  }
  check<ShapeError>(given.shape() == root.shape(), op, "the gradient to start from must have the shape ", root.shape(),
                    ", got ", given.shape());
  check<DTypeError>(given.dtype() == root.dtype(), op, "the gradient to start from must be ", root.dtype(), ", got ",
                    given.dtype());
  return given;
}

}  // namespace

void backward(const Variable& root, const BackwardOptions& options) {
  const detail::OperationScope operation("backward");
  check_root(root, "backward");
  std::vector<Variable> gradients{root_gradient(root, Variable(options.gradient), "backward")};
  detail::BackwardPass pass({root}, nullptr, {.create_graph = false, .retain_graph = options.retain_graph});
  pass.run(std::move(gradients));
  pass.write_leaves();
}

std::vector<Variable> grad(const std::vector<Variable>& outputs, const std::vector<Variable>& inputs,
                           const GradOptions& options) {
  const detail::OperationScope operation("grad");
  check<GraphError>(options.gradients.empty() || options.gradients.size() == outputs.size(), "grad", "needs none or ",
                    outputs.size(), " gradients to start from, got ", options.gradients.size());
  std::vector<Variable> gradients;
  for (size_t i = 0; i < outputs.size(); ++i) {
    check_root(outputs[i], "grad");
    gradients.push_back(
        root_gradient(outputs[i], options.gradients.empty() ? Variable() : options.gradients[i], "grad"));
  }
  for (size_t i = 0; i < inputs.size(); ++i) {
    check<GraphError>(inputs[i].requires_grad(), "grad", "input ", i, " does not require a gradient");
  }
  const bool retain = options.retain_graph || options.create_graph;
  detail::BackwardPass pass(outputs, &inputs, {.create_graph = options.create_graph, .retain_graph = retain});
  pass.run(std::move(gradients));
  std::vector<Variable> results;
  for (size_t i = 0; i < inputs.size(); ++i) {
    results.push_back(pass.target_gradient(i));
    check<GraphError>(results[i].defined() || options.allow_unused, "grad", "no output depends on input ", i,
                      " of shape ", inputs[i].shape(), "; allow_unused = true gives an undefined gradient for it");
  }
  return results;
}

namespace {

/// x itself under a new node, the start of a graph of its own: differentiating with respect to it visits nothing older.
Variable alias(const Variable& x) {
  return make_variable("alias", x.value(), {x},
                       [](const BackwardContext& context) -> Gradients { return {context.grad()}; });
}

}  // namespace

Gradients composite_backward(const BackwardContext& context, const std::vector<Variable>& inputs,
                             const VariableFunction& composite) {
  std::vector<Variable> aliases = inputs;
  std::vector<Variable> wanted;
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i].requires_grad()) {
      aliases[i] = alias(inputs[i]);
      if (context.needs(static_cast<int64_t>(i))) {
        wanted.push_back(aliases[i]);
      }
    }
  }
  std::vector<Variable> outputs, gradients;
  const std::vector<Variable> computed = composite(aliases);
  for (size_t i = 0; i < computed.size(); ++i) {
    if (context.has_grad(static_cast<int64_t>(i)) && computed[i].requires_grad()) {
      outputs.push_back(computed[i]);
      gradients.push_back(context.grad(static_cast<int64_t>(i)));
    }
  }
  const std::vector<Variable> found =
      grad(outputs, wanted, {.gradients = gradients, .create_graph = true, .allow_unused = true});
  Gradients result(inputs.size());
  for (size_t i = 0, next = 0; i < inputs.size(); ++i) {
    if (inputs[i].requires_grad() && context.needs(static_cast<int64_t>(i))) {
      result[i] = found[next++];
    }
  }
  return result;
}

}  // namespace heed

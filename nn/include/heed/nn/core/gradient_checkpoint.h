// gradient_checkpoint: memory for time. A part of a model is computed a second time in backward, so that nothing it
// saves has to be kept until then. Files of weights: heed/nn/core/checkpoint.h.
#pragma once

#include <vector>

#include <heed/autograd/backward.h>
#include <heed/nn/core/unary_module.h>
#include <heed/tensor/random.h>

namespace heed {

struct GradientCheckpointOptions {
  /// Generators beside default_generator() that the function draws from: it draws the same the second time. They must
  /// outlive backward.
  std::vector<Generator*> generators = {};
};

/// function(inputs), of which only inputs and outputs are kept: Chen, Xu, Zhang, Guestrin 2016, "Training deep nets
/// with sublinear memory cost"; PyTorch's torch.utils.checkpoint. Gradients of any order are the same to the bit, with
/// the same dropout; parameters and other Variables that the function uses get theirs too. It is called once more for
/// each backward, until which all that it uses must live and stay as it is, so capture values and references to
/// modules, and no references to locals. Without recording it is simply called. Backward throws GraphError where a leaf
/// or an input was changed meanwhile, or the function gives other shapes the second time. Forward hooks are called the
/// second time, too, and a forward that updates a buffer (a running mean) updates it twice and goes on from there, as
/// in PyTorch: leave such a layer outside.
///
///   const auto block = [this](const std::vector<Variable>& x) { return std::vector{layer_.forward(x[0], x[1])}; };
///   const Variable y = gradient_checkpoint(block, {x, memory})[0];
std::vector<Variable> gradient_checkpoint(const VariableFunction& function, const std::vector<Variable>& inputs,
                                          const GradientCheckpointOptions& options = {});
/// The same of a module, which must live until backward.
Variable gradient_checkpoint(const UnaryModule& module, const Variable& x,
                             const GradientCheckpointOptions& options = {});

}  // namespace heed

// Clipping of gradients.
#include <heed/nn/clip.h>

#include <cmath>
#include <unordered_set>

#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>
#include <heed/tensor/optimizer_update.h>

namespace heed {
namespace {

/// Each variable once, and only those with a gradient.
std::vector<Variable> with_gradients(const std::vector<Variable>& parameters) {
  std::vector<Variable> result;
  std::unordered_set<const void*> seen;
  for (const Variable& parameter : parameters) {
    if (parameter.defined() && parameter.grad().defined() && seen.insert(parameter.state()).second) {
      result.push_back(parameter);
    }
  }
  return result;
}

/// In place only where nobody else can see the gradient's memory: two leaves may have been given one tensor.
void scale_gradient(Variable& parameter, double factor) {
  Tensor gradient = parameter.grad();
  parameter.zero_grad();
  if (gradient.storage().unique() && gradient.is_contiguous()) {
    mul_(gradient, factor);
  } else {
    gradient = mul(gradient, factor);
  }
  parameter.set_grad(std::move(gradient));
}

}  // namespace

double clip_grad_norm(const std::vector<Variable>& parameters, double max_norm, bool error_if_nonfinite) {
  check(max_norm >= 0, "clip_grad_norm", "max_norm must be at least 0, got ", max_norm);
  std::vector<Variable> clipped = with_gradients(parameters);
  std::vector<Tensor> gradients;
  gradients.reserve(clipped.size());
  for (const Variable& parameter : clipped) {
    gradients.push_back(parameter.grad());
  }
  const double norm = global_norm(gradients);
  check(!error_if_nonfinite || std::isfinite(norm), "clip_grad_norm", "the norm of the gradients is ", norm);
  gradients.clear();
  const double factor = max_norm / (norm + 1e-6);
  // A NaN takes this branch too: gradients that are wrong must not look right.
  if (!(factor >= 1)) {
    for (Variable& parameter : clipped) {
      scale_gradient(parameter, factor);
    }
  }
  return norm;
}

void clip_grad_value(const std::vector<Variable>& parameters, double clip_value) {
  check(clip_value >= 0, "clip_grad_value", "clip_value must be at least 0, got ", clip_value);
  for (Variable& parameter : with_gradients(parameters)) {
    parameter.set_grad(clamp(parameter.grad(), -clip_value, clip_value));
  }
}

}  // namespace heed

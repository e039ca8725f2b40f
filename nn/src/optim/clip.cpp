// Clipping of gradients.
#include <heed/nn/optim/clip.h>

#include <algorithm>
#include <cmath>
#include <unordered_set>

#include <heed/tensor/detail/operation_scope.h>
#include <heed/tensor/detail/optimizer_update.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>

namespace heed {
namespace {

/// Each variable once, and only those with a gradient.
std::vector<Variable> with_gradients(const std::vector<Variable>& parameters, const char* op) {
  std::vector<Variable> result;
  std::unordered_set<const void*> seen;
  for (const Variable& parameter : parameters) {
    check(parameter.defined(), op, "a parameter is undefined");
    if (parameter.grad().defined() && seen.insert(parameter.state()).second) {
      result.push_back(parameter);
    }
  }
  return result;
}

std::vector<Tensor> gradients_of(const std::vector<Variable>& parameters) {
  std::vector<Tensor> gradients;
  gradients.reserve(parameters.size());
  for (const Variable& parameter : parameters) {
    gradients.push_back(parameter.grad());
  }
  return gradients;
}

bool all_finite(const std::vector<Tensor>& tensors) {
  return std::all_of(tensors.begin(), tensors.end(), [](const Tensor& tensor) { return heed::all_finite(tensor); });
}

/// The first of two factors, where the product is too small for one.
constexpr double kStep = 0x1p-64;

/// In place only if nothing else uses the gradient's memory: two leaves may share one tensor.
void scale_gradient(Variable& parameter, double factor) {
  Tensor gradient = parameter.grad();
  parameter.zero_grad();
  const bool is_alone = gradient.storage().unique() && gradient.is_contiguous();
  parameter.set_grad(gradient);  // stays if there is no memory for the new one
  if (is_alone) {
    mul_(gradient, factor);
  } else {
    parameter.set_grad(mul(gradient, factor));
  }
}

void scale_gradients(std::vector<Variable>& parameters, double factor) {
  for (Variable& parameter : parameters) {
    // A subnormal factor has few digits.
    const bool subnormal = factor > 0 && factor < (parameter.dtype() == DType::float32 ? 0x1p-126 : 0x1p-1022);
    if (subnormal) {
      scale_gradient(parameter, kStep);
    }
    scale_gradient(parameter, subnormal ? factor / kStep : factor);
  }
}

/// As scaling to max_norm, for finite gradients whose norm is beyond float64.
void scale_from_beyond(std::vector<Variable>& parameters, double max_norm) {
  std::vector<Tensor> smaller = gradients_of(parameters);
  for (Tensor& gradient : smaller) {
    gradient = mul(gradient, kStep);
  }
  const double norm = global_norm(smaller), factor = max_norm / norm;
  if (factor >= 1) {
    if (std::isfinite(max_norm)) {
      scale_gradients(parameters, factor * kStep);
    }
    return;
  }
  scale_gradients(parameters, kStep);
  if (factor >= 0x1p-1022) {
    scale_gradients(parameters, factor);
  } else {  // the factor has no digits left
    scale_gradients(parameters, 1 / norm);
    scale_gradients(parameters, max_norm);
  }
}

}  // namespace

double clip_grad_norm(const std::vector<Variable>& parameters, double max_norm, bool error_if_nonfinite) {
  const detail::OperationScope operation("clip_grad_norm");
  check(max_norm >= 0, "clip_grad_norm", "max_norm must be at least 0, got ", max_norm);
  std::vector<Variable> clipped = with_gradients(parameters, "clip_grad_norm");
  const double norm = global_norm(gradients_of(clipped));
  check(!error_if_nonfinite || std::isfinite(norm), "clip_grad_norm", "the norm of the gradients is ", norm);
  if (std::isinf(norm) && all_finite(gradients_of(clipped))) {
    scale_from_beyond(clipped, max_norm);
    return norm;
  }
  const double factor = max_norm / (norm + 1e-6);
  // A NaN takes this branch too: gradients that are wrong must not look correct.
  if (!(factor >= 1)) {
    scale_gradients(clipped, factor);
  }
  return norm;
}

void clip_grad_value(const std::vector<Variable>& parameters, double clip_value) {
  const detail::OperationScope operation("clip_grad_value");
  check(clip_value >= 0, "clip_grad_value", "clip_value must be at least 0, got ", clip_value);
  for (Variable& parameter : with_gradients(parameters, "clip_grad_value")) {
    parameter.set_grad(clamp(parameter.grad(), -clip_value, clip_value));
  }
}

}  // namespace heed

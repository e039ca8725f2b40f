// Layer normalisation: fused, and its composite.
#include <heed/autograd/norm.h>

#include <algorithm>
#include <cmath>

#include <heed/autograd/backward.h>
#include <heed/autograd/elementwise.h>
#include <heed/autograd/grad_mode.h>
#include <heed/autograd/node.h>
#include <heed/autograd/reduce.h>
#include <heed/tensor/create.h>

namespace heed {
namespace {

Tensor value_or_none(const Variable& x) { return x.defined() ? x.value() : Tensor(); }

/// Whether squares may have left the range of numbers on the way to these.
bool leave_range(const Tensor& variances) {
  const double small = variances.dtype() == DType::float32 ? 0x1p-100 : 0x1p-900;
  return variances.numel() > 0 && (!all_finite(variances) || min(variances).item() < small);
}

/// For each row a power of two that brings the larger of its elements and sqrt(eps) near 1.
Tensor factors_into_range(const Tensor& x, const Dims& dims, double eps) {
  const Tensor largest = max(abs(x), dims, true);
  std::vector<double> factors = to(largest, DType::float64).to_vector<double>();
  const int limit = x.dtype() == DType::float32 ? 126 : 1022;
  for (double& each : factors) {
    const double size = std::max(each, std::sqrt(eps));
    const bool usable = size > 0 && std::isfinite(size);
    each = usable ? std::ldexp(1, -std::clamp(std::ilogb(size), -limit, limit)) : 1;
  }
  return to(from_vector(factors, largest.shape()), x.dtype());
}

}  // namespace

Variable layer_norm(const Variable& x, int64_t axes, const Variable& weight, const Variable& bias, double eps) {
  LayerNormResult result = layer_norm(x.value(), axes, value_or_none(weight), value_or_none(bias), eps);
  return make_variable(
      "layer_norm", std::move(result.y), {x, weight, bias},
      [axes, eps, in = Saved(x), scale = Saved(weight), offset = Saved(bias), mean = Saved::data(result.mean),
       inverse_deviation = Saved::data(result.inverse_deviation)](const BackwardContext& context) -> Gradients {
        const Variable input = in.unpack(context);
        const Variable factor = scale.unpack(context);
        if (grad_enabled()) {
          return composite_backward(
              context, {input, factor, offset.unpack(context)}, [=](const std::vector<Variable>& inputs) {
                return std::vector{layer_norm_composite(inputs[0], axes, inputs[1], inputs[2], eps)};
              });
        }
        LayerNormGradients gradients =
            layer_norm_backward(context.grad().value(), input.value(), axes, mean.unpack(context).value(),
                                inverse_deviation.unpack(context).value(), value_or_none(factor));
        Gradients all{gradients.x, gradients.weight, gradients.bias};
        if (context.needs(2) && !all[2].defined()) {
          all[2] = sum_to(context.grad(), context.input_shape(2));
        }
        return all;
      });
}

Variable layer_norm_composite(const Variable& x, int64_t axes, const Variable& weight, const Variable& bias,
                              double eps) {
  Dims dims;
  for (int64_t i = x.rank() - axes; i < x.rank(); ++i) {
    dims.push_back(i);
  }
  Variable rows = x, variance = var(x, dims, false, true) + eps;
  if (x.value().numel() > 0 && leave_range(variance.value())) {
    const Variable factors = factors_into_range(x.value(), dims, eps);
    const Variable root = factors * std::sqrt(eps);
    rows = x * factors;
    variance = var(rows, dims, false, true) + root * root;
  }
  Variable y = (rows - mean(rows, dims, true)) / sqrt(variance);
  y = weight.defined() ? y * weight : y;
  return bias.defined() ? y + bias : y;
}

}  // namespace heed

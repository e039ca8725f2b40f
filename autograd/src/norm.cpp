// Layer normalisation: fused, and its composite.
#include <heed/autograd/norm.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include <heed/autograd/backward.h>
#include <heed/autograd/detail/composites.h>
#include <heed/autograd/elementwise.h>
#include <heed/autograd/grad_mode.h>
#include <heed/autograd/node.h>
#include <heed/autograd/reduce.h>
#include <heed/tensor/create.h>
#include <heed/tensor/detail/norm.h>

#include "operand.h"

namespace heed {

using detail::value_or_none;

namespace {

/// Below it a variance may lose digits, because squares are subnormal or 0.
double smallest_variance(DType dtype) { return dtype == DType::float32 ? 0x1p-100 : 0x1p-900; }

/// Whether squares may have left the range of numbers in these variances.
bool leave_range(const Tensor& variances) {
  return variances.numel() > 0 &&
         (!all_finite(variances) || min(variances).item() < smallest_variance(variances.dtype()));
}

/// For each row a power of two, and eps for the row times it. The power is 1 where the row's variance is in range;
/// elsewhere it brings the larger of the row's elements and sqrt(eps) near 1.
std::pair<Tensor, Tensor> factors_into_range(const Tensor& x, const Tensor& variances, const Dims& dims, double eps) {
  const Tensor largest = max(abs(x), dims, true);
  const std::vector<double> sizes = to(largest, DType::float64).to_vector<double>();
  const std::vector<double> spreads = to(variances, DType::float64).to_vector<double>();
  const int limit = x.dtype() == DType::float32 ? 126 : 1022;
  std::vector<double> factors(sizes.size(), 1), scaled(sizes.size(), eps);
  for (size_t i = 0; i < sizes.size(); ++i) {
    const bool in_range = std::isfinite(spreads[i]) && spreads[i] >= smallest_variance(x.dtype());
    const double size = std::max(sizes[i], std::sqrt(eps));
    if (!in_range && size > 0 && std::isfinite(size)) {
      const int exponent = -std::clamp(std::ilogb(size), -limit, limit);
      factors[i] = std::ldexp(1, exponent);
      scaled[i] = std::ldexp(eps, 2 * exponent);
    }
  }
  const auto as_x = [&](const std::vector<double>& row) { return to(from_vector(row, largest.shape()), x.dtype()); };
  return {as_x(factors), as_x(scaled)};
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
    const auto [factors, scaled_eps] = factors_into_range(x.value(), variance.value(), dims, eps);
    rows = x * factors;
    variance = var(rows, dims, false, true) + scaled_eps;
  }
  Variable y = (rows - mean(rows, dims, true)) / sqrt(variance);
  y = weight.defined() ? y * weight : y;
  return bias.defined() ? y + bias : y;
}

}  // namespace heed

// Layer normalisation and that by the root of the mean square: fused, and their composites.
#include <heed/autograd/norm.h>
#include <heed/autograd/rms_norm.h>

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
#include <heed/tensor/detail/rms_norm.h>

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

Variable rms_norm(const Variable& x, int64_t axes, const Variable& weight, std::optional<double> eps) {
  RMSNormResult result = rms_norm_rows(x.value(), axes, value_or_none(weight), eps);
  return make_variable(
      "rms_norm", std::move(result.y), {x, weight},
      [axes, eps, in = Saved(x), scale = Saved(weight),
       inverse = Saved::data(result.inverse)](const BackwardContext& context) -> Gradients {
        const Variable input = in.unpack(context), factor = scale.unpack(context);
        if (grad_enabled()) {
          return composite_backward(context, {input, factor}, [=](const std::vector<Variable>& inputs) {
            return std::vector{rms_norm_composite(inputs[0], axes, inputs[1], rms_norm_eps(eps, inputs[0].dtype()))};
          });
        }
        RMSNormGradients gradients = rms_norm_backward(context.grad().value(), input.value(), axes,
                                                       inverse.unpack(context).value(), value_or_none(factor));
        return {gradients.x, gradients.weight};
      });
}

namespace {

Dims last_axes(const Variable& x, int64_t axes) {
  Dims dims;
  for (int64_t i = x.rank() - axes; i < x.rank(); ++i) {
    dims.push_back(i);
  }
  return dims;
}

/// x and variance(x) + eps; where squares leave the range of numbers, those of a multiple of the row.
template <class Variance>
std::pair<Variable, Variable> in_range(const Variable& x, const Dims& dims, double eps, const Variance& variance) {
  const Variable plain = variance(x) + eps;
  if (x.value().numel() == 0 || !leave_range(plain.value())) {
    return {x, plain};
  }
  const auto [factors, scaled_eps] = factors_into_range(x.value(), plain.value(), dims, eps);
  const Variable rows = x * factors;
  return {rows, variance(rows) + scaled_eps};
}

}  // namespace

Variable rms_norm_composite(const Variable& x, int64_t axes, const Variable& weight, double eps) {
  const Dims dims = last_axes(x, axes);
  const auto [rows, square] =
      in_range(x, dims, eps, [&dims](const Variable& each) { return mean(each * each, dims, true); });
  const Variable y = rows / sqrt(square);
  return weight.defined() ? y * weight : y;
}

Variable layer_norm_composite(const Variable& x, int64_t axes, const Variable& weight, const Variable& bias,
                              double eps) {
  const Dims dims = last_axes(x, axes);
  const auto [rows, variance] =
      in_range(x, dims, eps, [&dims](const Variable& each) { return var(each, dims, false, true); });
  Variable y = (rows - mean(rows, dims, true)) / sqrt(variance);
  y = weight.defined() ? y * weight : y;
  return bias.defined() ? y + bias : y;
}

}  // namespace heed

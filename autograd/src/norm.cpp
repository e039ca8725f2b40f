// Layer normalisation: fused, and its composite.
#include <heed/autograd/norm.h>

#include <heed/autograd/backward.h>
#include <heed/autograd/elementwise.h>
#include <heed/autograd/grad_mode.h>
#include <heed/autograd/node.h>
#include <heed/autograd/reduce.h>

namespace heed {
namespace {

Tensor value_or_none(const Variable& x) { return x.defined() ? x.value() : Tensor(); }

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
  const Variable centred = x - mean(x, dims, true);
  Variable y = centred / sqrt(var(x, dims, false, true) + eps);
  y = weight.defined() ? y * weight : y;
  return bias.defined() ? y + bias : y;
}

}  // namespace heed

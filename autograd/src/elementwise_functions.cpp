// Functions of one operand.
#include <heed/autograd/elementwise.h>

#include <cmath>
#include <limits>
#include <numbers>

#include <heed/autograd/grad_mode.h>
#include <heed/autograd/node.h>
#include <heed/tensor/create.h>
#include <heed/tensor/detail/activation_backward.h>

#include "activation.h"

namespace heed {

Variable neg(const Variable& x) {
  return make_variable("neg", neg(x.value()), {x},
                       [](const BackwardContext& context) -> Gradients { return {-context.grad()}; });
}

Variable exp(const Variable& x) {
  const Tensor y = exp(x.value());
  return make_variable("exp", y, {x}, [out = Saved::output(y, 0)](const BackwardContext& context) -> Gradients {
    return {context.grad() * out.unpack(context)};
  });
}

Variable log(const Variable& x) {
  return make_variable("log", log(x.value()), {x}, [in = Saved(x)](const BackwardContext& context) -> Gradients {
    return {context.grad() / in.unpack(context)};
  });
}

Variable expm1(const Variable& x) {
  // Of the value, -1 + exp(x), nothing would be left for x far below 0.
  return make_variable("expm1", expm1(x.value()), {x}, [in = Saved(x)](const BackwardContext& context) -> Gradients {
    return {context.grad() * exp(in.unpack(context))};
  });
}

Variable log1p(const Variable& x) {
  return make_variable("log1p", log1p(x.value()), {x}, [in = Saved(x)](const BackwardContext& context) -> Gradients {
    return {context.grad() / (in.unpack(context) + 1)};
  });
}

Variable sqrt(const Variable& x) {
  const Tensor y = sqrt(x.value());
  return make_variable("sqrt", y, {x}, [out = Saved::output(y, 0)](const BackwardContext& context) -> Gradients {
    return {context.grad() * 0.5 / out.unpack(context)};
  });
}

namespace detail {

Variable constant_in(const Variable& x, const Variable& y) {
  if (!grad_enabled()) {
    return y;
  }
  return make_variable("constant_in", y.value(), {y, x}, [in = Saved(x)](const BackwardContext& context) -> Gradients {
    const Variable z = in.unpack(context);
    return {context.grad(), context.needs(1) ? constant_in(z, zeros_like(z.value())) : Variable()};
  });
}

namespace {

/// A function whose derivative follows from its value y. The gradient is backward(grad, y) or, where it is recorded,
/// recorded(grad, y) in operations on Variables.
template <class Backward, class Recorded>
Variable by_value(const char* name, const Variable& x, const Tensor& y, Backward backward, Recorded recorded) {
  return make_variable(name, y, {x},
                       [backward, recorded, out = Saved::output(y, 0)](const BackwardContext& context) -> Gradients {
                         const Variable grad = context.grad(), value = out.unpack(context);
                         return {grad_enabled() ? recorded(grad, value) : backward(grad.value(), value.value())};
                       });
}

}  // namespace

Variable tanh_of(const Variable& x, Tensor value) {
  return by_value("tanh", x, value.defined() ? value : tanh(x.value()), tanh_backward,
                  [](const Variable& grad, const Variable& t) { return grad * (1.0 - t * t); });
}

Variable sigmoid_of(const Variable& x, Tensor value) {
  return by_value("sigmoid", x, value.defined() ? value : sigmoid(x.value()), sigmoid_backward,
                  [](const Variable& grad, const Variable& s) { return grad * (s * (1.0 - s)); });
}

Variable relu_of(const Variable& x, Tensor value) {
  return by_value(
      "relu", x, value.defined() ? value : relu(x.value()), relu_backward,
      [](const Variable& grad, const Variable& r) { return constant_in(r, masked_fill(grad, le(r.value(), 0), 0)); });
}

}  // namespace detail

Variable tanh(const Variable& x) { return detail::tanh_of(x, Tensor()); }
Variable sigmoid(const Variable& x) { return detail::sigmoid_of(x, Tensor()); }
Variable relu(const Variable& x) { return detail::relu_of(x, Tensor()); }

namespace {

/// Far from 0 the derivatives below are at their limits, but ∞ · 0 would be NaN, and so would be cubes that overflow.
Variable near_zero(const Variable& x) { return clamp(x, -1000, 1000); }

/// y = f(x) where f'(x) = slope(x).
template <class Slope>
Variable with_slope(const char* name, const Variable& x, Tensor y, Slope slope) {
  return make_variable(name, std::move(y), {x}, [in = Saved(x), slope](const BackwardContext& context) -> Gradients {
    return {context.grad() * slope(in.unpack(context))};
  });
}

/// d/dx x Φ(x) = Φ(x) + x φ(x), Φ and φ being the standard normal distribution and its density.
Variable gelu_slope(const Variable& x) {
  const Variable distribution = (erf(x * (1 / std::numbers::sqrt2)) + 1) * 0.5;
  const Variable density = exp(x * x * -0.5) * std::sqrt(0.5 * std::numbers::inv_pi);
  return distribution + x * density;
}

/// The same of x (1 + tanh(u)) / 2 with u = √(2/π) (x + 0.044715 x³).
Variable gelu_tanh_slope(const Variable& x) {
  const double root = std::sqrt(2 * std::numbers::inv_pi);
  const double cubic = 0.044715;
  const Variable square = x * x;
  const Variable t = tanh(x * (square * (root * cubic) + root));
  const Variable inner_slope = square * (3 * root * cubic) + root;
  return (t + 1 + x * (1.0 - t * t) * inner_slope) * 0.5;
}

}  // namespace

Variable gelu(const Variable& x, Gelu approximate) {
  return with_slope("gelu", x, gelu(x.value(), approximate), [approximate](const Variable& z) {
    return approximate == Gelu::tanh ? gelu_tanh_slope(near_zero(z)) : gelu_slope(near_zero(z));
  });
}

Variable leaky_relu(const Variable& x, double negative_slope) {
  return with_slope("leaky_relu", x, leaky_relu(x.value(), negative_slope), [negative_slope](const Variable& z) {
    const Tensor slopes = masked_fill(full_like(z.value(), negative_slope), gt(z.value(), 0), 1);
    return detail::constant_in(z, Variable(slopes));
  });
}

Variable elu(const Variable& x, double alpha) {
  return with_slope("elu", x, elu(x.value(), alpha), [alpha](const Variable& z) {
    const double infinity = std::numeric_limits<double>::infinity();
    return masked_fill(exp(clamp(z, -infinity, 0)) * alpha, gt(z.value(), 0), 1);
  });
}

Variable silu(const Variable& x) {
  return with_slope("silu", x, silu(x.value()), [](const Variable& in) {
    const Variable z = near_zero(in), s = sigmoid(z);
    return s * (z * (1.0 - s) + 1);
  });
}

Variable softplus(const Variable& x) {
  return with_slope("softplus", x, softplus(x.value()), [](const Variable& z) {
    return masked_fill(sigmoid(z), gt(z.value(), 20), 1);  // x itself above 20
  });
}

Variable sin(const Variable& x) {
  return with_slope("sin", x, sin(x.value()), [](const Variable& z) { return cos(z); });
}

Variable cos(const Variable& x) {
  return with_slope("cos", x, cos(x.value()), [](const Variable& z) { return -sin(z); });
}

Variable erf(const Variable& x) {
  return with_slope("erf", x, erf(x.value()), [](const Variable& in) {
    const Variable z = near_zero(in);
    return exp(-(z * z)) * (2 * std::numbers::inv_sqrtpi);
  });
}

Variable abs(const Variable& x) {
  return with_slope("abs", x, abs(x.value()),
                    [](const Variable& z) { return detail::constant_in(z, Variable(sign(z.value()))); });
}

Variable clamp(const Variable& x, Scalar min, Scalar max) {
  return make_variable("clamp", clamp(x.value(), min, max), {x},
                       [in = Saved(x), min, max](const BackwardContext& context) -> Gradients {
                         const Variable z = in.unpack(context);
                         const Tensor outside = logical_or(lt(z.value(), min), gt(z.value(), max));
                         return {detail::constant_in(z, masked_fill(context.grad(), outside, 0))};
                       });
}

}  // namespace heed

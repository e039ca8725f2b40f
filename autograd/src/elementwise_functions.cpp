// Functions of one operand.
#include <heed/autograd/elementwise.h>

#include <cmath>
#include <numbers>

#include <heed/autograd/grad_mode.h>
#include <heed/autograd/node.h>
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

Variable sqrt(const Variable& x) {
  const Tensor y = sqrt(x.value());
  return make_variable("sqrt", y, {x}, [out = Saved::output(y, 0)](const BackwardContext& context) -> Gradients {
    return {context.grad() * 0.5 / out.unpack(context)};
  });
}

namespace detail {

Variable tanh_of(const Variable& x, Tensor value) {
  const Tensor y = value.defined() ? std::move(value) : tanh(x.value());
  return make_variable("tanh", y, {x}, [out = Saved::output(y, 0)](const BackwardContext& context) -> Gradients {
    const Variable grad = context.grad(), t = out.unpack(context);
    if (grad_enabled()) {
      return {grad * (1.0 - t * t)};
    }
    return {tanh_backward(grad.value(), t.value())};
  });
}

Variable sigmoid_of(const Variable& x, Tensor value) {
  const Tensor y = value.defined() ? std::move(value) : sigmoid(x.value());
  return make_variable("sigmoid", y, {x}, [out = Saved::output(y, 0)](const BackwardContext& context) -> Gradients {
    const Variable grad = context.grad(), s = out.unpack(context);
    if (grad_enabled()) {
      return {grad * (s * (1.0 - s))};
    }
    return {sigmoid_backward(grad.value(), s.value())};
  });
}

Variable relu_of(const Variable& x, Tensor value) {
  const Tensor y = value.defined() ? std::move(value) : relu(x.value());
  return make_variable("relu", y, {x}, [out = Saved::output(y, 0)](const BackwardContext& context) -> Gradients {
    const Variable grad = context.grad(), r = out.unpack(context);
    if (grad_enabled()) {
      return {masked_fill(grad, le(r.value(), 0), 0)};
    }
    return {relu_backward(grad.value(), r.value())};
  });
}

}  // namespace detail

Variable tanh(const Variable& x) { return detail::tanh_of(x, Tensor()); }
Variable sigmoid(const Variable& x) { return detail::sigmoid_of(x, Tensor()); }
Variable relu(const Variable& x) { return detail::relu_of(x, Tensor()); }

namespace {

/// Far from 0 the derivatives below are at their limits, but ∞ · 0 would be NaN, and so would be cubes that overflow.
Variable near_zero(const Variable& x) { return clamp(x, -1000, 1000); }

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
  return make_variable("gelu", gelu(x.value(), approximate), {x},
                       [in = Saved(x), approximate](const BackwardContext& context) -> Gradients {
                         const Variable z = near_zero(in.unpack(context));
                         return {context.grad() * (approximate == Gelu::tanh ? gelu_tanh_slope(z) : gelu_slope(z))};
                       });
}

Variable silu(const Variable& x) {
  return make_variable("silu", silu(x.value()), {x}, [in = Saved(x)](const BackwardContext& context) -> Gradients {
    const Variable z = near_zero(in.unpack(context));
    const Variable s = sigmoid(z);
    return {context.grad() * (s * (z * (1.0 - s) + 1))};
  });
}

Variable softplus(const Variable& x) {
  return make_variable("softplus", softplus(x.value()), {x},
                       [in = Saved(x)](const BackwardContext& context) -> Gradients {
                         const Variable z = in.unpack(context);
                         const Variable grad = context.grad();
                         return {where(gt(z.value(), 20), grad, grad * sigmoid(z))};  // x itself above 20
                       });
}

Variable sin(const Variable& x) {
  return make_variable("sin", sin(x.value()), {x}, [in = Saved(x)](const BackwardContext& context) -> Gradients {
    return {context.grad() * cos(in.unpack(context))};
  });
}

Variable cos(const Variable& x) {
  return make_variable("cos", cos(x.value()), {x}, [in = Saved(x)](const BackwardContext& context) -> Gradients {
    return {-(context.grad() * sin(in.unpack(context)))};
  });
}

Variable erf(const Variable& x) {
  return make_variable("erf", erf(x.value()), {x}, [in = Saved(x)](const BackwardContext& context) -> Gradients {
    const Variable z = near_zero(in.unpack(context));
    return {context.grad() * (exp(-(z * z)) * (2 * std::numbers::inv_sqrtpi))};
  });
}

Variable abs(const Variable& x) {
  return make_variable("abs", abs(x.value()), {x}, [in = Saved(x)](const BackwardContext& context) -> Gradients {
    return {context.grad() * Variable(sign(in.unpack(context).value()))};
  });
}

Variable clamp(const Variable& x, Scalar min, Scalar max) {
  return make_variable("clamp", clamp(x.value(), min, max), {x},
                       [in = Saved(x), min, max](const BackwardContext& context) -> Gradients {
                         const Tensor z = in.unpack(context).value();
                         return {masked_fill(context.grad(), logical_or(lt(z, min), gt(z, max)), 0)};
                       });
}

}  // namespace heed

// Arithmetic of two operands, and choosing between them.
#include <heed/autograd/elementwise.h>

#include <cmath>
#include <limits>

#include <heed/autograd/anomaly.h>
#include <heed/autograd/node.h>
#include <heed/tensor/create.h>

#include "operand.h"

namespace heed {

using detail::saved_if;
using detail::wanted;

Variable add(const Variable& a, const Variable& b) {
  return make_variable("add", add(a.value(), b.value()), {a, b}, [](const BackwardContext& context) -> Gradients {
    return {wanted(context, 0, [&] { return context.grad(); }), wanted(context, 1, [&] { return context.grad(); })};
  });
}

Variable sub(const Variable& a, const Variable& b) {
  return make_variable("sub", sub(a.value(), b.value()), {a, b}, [](const BackwardContext& context) -> Gradients {
    return {wanted(context, 0, [&] { return context.grad(); }), wanted(context, 1, [&] { return -context.grad(); })};
  });
}

Variable mul(const Variable& a, const Variable& b) {
  return make_variable("mul", mul(a.value(), b.value()), {a, b},
                       [left = saved_if(b.requires_grad(), a),
                        right = saved_if(a.requires_grad(), b)](const BackwardContext& context) -> Gradients {
                         return {wanted(context, 0, [&] { return context.grad() * right.unpack(context); }),
                                 wanted(context, 1, [&] { return context.grad() * left.unpack(context); })};
                       });
}

Variable div(const Variable& a, const Variable& b) {
  const Tensor y = div(a.value(), b.value());
  return make_variable("div", y, {a, b},
                       [divisor = Saved(b), quotient = b.requires_grad() ? Saved::output(y, 0) : Saved()](
                           const BackwardContext& context) -> Gradients {
                         Variable scaled = context.grad() / divisor.unpack(context);
                         return {wanted(context, 0, [&] { return scaled; }),
                                 wanted(context, 1, [&] { return -(scaled * quotient.unpack(context)); })};
                       });
}

namespace {

/// Where `a` is not chosen before `b`. A NaN is chosen before any number.
Tensor loses(const Tensor& a, const Tensor& b, bool largest, bool finite) {
  const Tensor beaten = largest ? lt(a, b) : gt(a, b);
  return finite ? beaten : logical_or(beaten, logical_and(eq(a, a), ne(b, b)));
}

/// `output` is the larger or the smaller of a and b. The gradient goes to the chosen one, half to each where they are
/// equal, or both NaN.
Variable chosen(const char* name, const Variable& a, const Variable& b, Tensor output, bool largest) {
  return make_variable(name, std::move(output), {a, b},
                       [left = Saved(a), right = Saved(b), largest](const BackwardContext& context) -> Gradients {
                         const Tensor x = left.unpack(context).value(), y = right.unpack(context).value();
                         const bool finite = all_finite(x) && all_finite(y);
                         const Tensor same = eq(x, y);
                         const Tensor equal = finite ? same : logical_or(same, logical_and(ne(x, x), ne(y, y)));
                         const Variable grad = context.grad(), shared = where(equal, grad * 0.5, grad);
                         return {
                             wanted(context, 0, [&] { return masked_fill(shared, loses(x, y, largest, finite), 0); }),
                             wanted(context, 1, [&] { return masked_fill(shared, loses(y, x, largest, finite), 0); })};
                       });
}

}  // namespace

Variable maximum(const Variable& a, const Variable& b) {
  return chosen("maximum", a, b, maximum(a.value(), b.value()), true);
}

Variable minimum(const Variable& a, const Variable& b) {
  return chosen("minimum", a, b, minimum(a.value(), b.value()), false);
}

namespace {

/// d(bᵉ)/db = e bᵉ⁻¹, and 0 where e = 0 even if b⁻¹ is infinite or NaN.
Variable slope_in_base(const Variable& base, const Variable& exponent) {
  const Tensor constant = logical_and(eq(exponent.value(), 0), logical_not(isfinite(div(Scalar(1), base.value()))));
  const Variable safe = where(constant, Variable(ones_like(base.value())), base);
  return exponent * pow(safe, exponent - 1);
}

/// log(b), and 0 where bᵉ does not change with e: at b = 0 and e ≥ 0, and at b = ∞ and e < 0.
Variable slope_in_exponent(const Variable& base, const Variable& exponent) {
  const double infinity = std::numeric_limits<double>::infinity();
  const Tensor flat = logical_or(logical_and(eq(base.value(), 0), ge(exponent.value(), 0)),
                                 logical_and(eq(base.value(), infinity), lt(exponent.value(), 0)));
  return log(where(flat, Variable(ones_like(exponent.value())), base));
}

}  // namespace

Variable pow(const Variable& a, const Variable& b) {
  const Tensor y = pow(a.value(), b.value());
  return make_variable(
      "pow", y, {a, b},
      [base = Saved(a), exponent = Saved(b),
       power = b.requires_grad() ? Saved::output(y, 0) : Saved()](const BackwardContext& context) -> Gradients {
        const Variable e = exponent.unpack(context);
        const Variable x = base.unpack(context);
        return {wanted(context, 0, [&] { return context.grad() * slope_in_base(x, e); }),
                wanted(context, 1, [&] { return context.grad() * (power.unpack(context) * slope_in_exponent(x, e)); })};
      });
}

Variable add(const Variable& a, Scalar b) {
  return make_variable("add", add(a.value(), b), {a},
                       [](const BackwardContext& context) -> Gradients { return {context.grad()}; });
}

Variable sub(const Variable& a, Scalar b) {
  return make_variable("sub", sub(a.value(), b), {a},
                       [](const BackwardContext& context) -> Gradients { return {context.grad()}; });
}

Variable sub(Scalar a, const Variable& b) {
  return make_variable("sub", sub(a, b.value()), {b},
                       [](const BackwardContext& context) -> Gradients { return {-context.grad()}; });
}

Variable mul(const Variable& a, Scalar b) {
  return make_variable("mul", mul(a.value(), b), {a},
                       [b](const BackwardContext& context) -> Gradients { return {context.grad() * b}; });
}

Variable div(const Variable& a, Scalar b) {
  return make_variable("div", div(a.value(), b), {a},
                       [b](const BackwardContext& context) -> Gradients { return {context.grad() / b}; });
}

Variable div(Scalar a, const Variable& b) {
  const Tensor y = div(a, b.value());
  return make_variable(
      "div", y, {b}, [divisor = Saved(b), quotient = Saved::output(y, 0)](const BackwardContext& context) -> Gradients {
        return {-(context.grad() * (quotient.unpack(context) / divisor.unpack(context)))};
      });
}

Variable pow(const Variable& a, double exponent) {
  return make_variable(
      "pow", pow(a.value(), exponent), {a},
      [exponent, base = saved_if(exponent != 0 && exponent != 1, a)](const BackwardContext& context) -> Gradients {
        if (exponent == 0) {
          return {Variable(zeros_like(context.grad().value()))};
        }
        if (exponent == 1) {
          return {context.grad()};
        }
        return {context.grad() * (pow(base.unpack(context), exponent - 1) * exponent)};
      });
}

Variable where(const Tensor& condition, const Variable& a, const Variable& b) {
  return make_variable("where", where(condition, a.value(), b.value()), {a, b},
                       [mask = Saved::data(condition)](const BackwardContext& context) -> Gradients {
                         const Tensor chosen = mask.unpack(context).value();
                         return {
                             wanted(context, 0, [&] { return masked_fill(context.grad(), logical_not(chosen), 0); }),
                             wanted(context, 1, [&] { return masked_fill(context.grad(), chosen, 0); })};
                       });
}

namespace {

/// AnomalyMode as it is, but off where the value to fill in is infinite or NaN: it was asked for.
AnomalyMode unless_infinite(Scalar value) {
  return AnomalyMode(AnomalyMode::enabled() && std::isfinite(value.to<double>("masked_fill")));
}

}  // namespace

Variable where(const Tensor& condition, const Variable& a, Scalar b) {
  const AnomalyMode wanted_value = unless_infinite(b);
  return make_variable(
      "where", where(condition, a.value(), b), {a},
      [mask = Saved::data(condition)](const BackwardContext& context) -> Gradients {
        return {wanted(context, 0, [&] { return where(mask.unpack(context).value(), context.grad(), 0); })};
      });
}

Variable where(const Tensor& condition, Scalar a, const Variable& b) {
  const AnomalyMode wanted_value = unless_infinite(a);
  return make_variable(
      "where", where(condition, a, b.value()), {b},
      [mask = Saved::data(condition)](const BackwardContext& context) -> Gradients {
        return {wanted(context, 0, [&] { return where(mask.unpack(context).value(), 0, context.grad()); })};
      });
}

Variable masked_fill(const Variable& x, const Tensor& mask, Scalar value) {
  const AnomalyMode wanted_value = unless_infinite(value);
  return make_variable("masked_fill", masked_fill(x.value(), mask, value), {x},
                       [hidden = Saved::data(mask)](const BackwardContext& context) -> Gradients {
                         return {masked_fill(context.grad(), hidden.unpack(context).value(), 0)};
                       });
}

}  // namespace heed

// Element-wise operations on Variables; see heed/tensor/elementwise.h for what each computes.
#pragma once

#include <heed/autograd/compare.h>
#include <heed/autograd/variable.h>
#include <heed/tensor/elementwise.h>

namespace heed {

Variable add(const Variable& a, const Variable& b);
Variable sub(const Variable& a, const Variable& b);
Variable mul(const Variable& a, const Variable& b);
Variable div(const Variable& a, const Variable& b);
// Equal elements get half of the gradient each, and so do two NaNs; a single NaN gets all of it.
Variable maximum(const Variable& a, const Variable& b);
Variable minimum(const Variable& a, const Variable& b);
Variable pow(const Variable& a, const Variable& b);
Variable add(const Variable& a, Scalar b);
Variable sub(const Variable& a, Scalar b);
Variable sub(Scalar a, const Variable& b);
Variable mul(const Variable& a, Scalar b);
Variable div(const Variable& a, Scalar b);
Variable div(Scalar a, const Variable& b);
Variable pow(const Variable& a, double exponent);

inline Variable operator+(const Variable& a, const Variable& b) { return add(a, b); }
inline Variable operator-(const Variable& a, const Variable& b) { return sub(a, b); }
inline Variable operator*(const Variable& a, const Variable& b) { return mul(a, b); }
inline Variable operator/(const Variable& a, const Variable& b) { return div(a, b); }
inline Variable operator+(const Variable& a, Scalar b) { return add(a, b); }
inline Variable operator+(Scalar a, const Variable& b) { return add(b, a); }
inline Variable operator-(const Variable& a, Scalar b) { return sub(a, b); }
inline Variable operator-(Scalar a, const Variable& b) { return sub(a, b); }
inline Variable operator*(const Variable& a, Scalar b) { return mul(a, b); }
inline Variable operator*(Scalar a, const Variable& b) { return mul(b, a); }
inline Variable operator/(const Variable& a, Scalar b) { return div(a, b); }
inline Variable operator/(Scalar a, const Variable& b) { return div(a, b); }

// a += b is a = a + b: the handle a becomes the sum, of which the old a is an input.
inline Variable& operator+=(Variable& a, const Variable& b) { return a = add(a, b); }
inline Variable& operator-=(Variable& a, const Variable& b) { return a = sub(a, b); }
inline Variable& operator*=(Variable& a, const Variable& b) { return a = mul(a, b); }
inline Variable& operator/=(Variable& a, const Variable& b) { return a = div(a, b); }
inline Variable& operator+=(Variable& a, Scalar b) { return a = add(a, b); }
inline Variable& operator-=(Variable& a, Scalar b) { return a = sub(a, b); }
inline Variable& operator*=(Variable& a, Scalar b) { return a = mul(a, b); }
inline Variable& operator/=(Variable& a, Scalar b) { return a = div(a, b); }

Variable neg(const Variable& x);
Variable exp(const Variable& x);
Variable log(const Variable& x);
Variable sqrt(const Variable& x);
Variable expm1(const Variable& x);
Variable log1p(const Variable& x);
Variable tanh(const Variable& x);
Variable sigmoid(const Variable& x);
Variable relu(const Variable& x);                                      ///< Gradient 0 at 0.
Variable leaky_relu(const Variable& x, double negative_slope = 0.01);  ///< Gradient negative_slope at 0.
Variable elu(const Variable& x, double alpha = 1);                     ///< Gradient alpha at 0.
Variable gelu(const Variable& x, Gelu approximate = Gelu::none);
Variable silu(const Variable& x);
Variable softplus(const Variable& x);
Variable sin(const Variable& x);
Variable cos(const Variable& x);
Variable erf(const Variable& x);
Variable abs(const Variable& x);                            ///< Gradient 0 at 0.
Variable clamp(const Variable& x, Scalar min, Scalar max);  ///< Gradient 1 at the bounds and at NaN.
inline Variable operator-(const Variable& x) { return neg(x); }

/// `condition` and `mask` are data: no gradient flows into them.
Variable where(const Tensor& condition, const Variable& a, const Variable& b);
Variable where(const Tensor& condition, const Variable& a, Scalar b);
Variable where(const Tensor& condition, Scalar a, const Variable& b);
Variable masked_fill(const Variable& x, const Tensor& mask, Scalar value);

}  // namespace heed

// Element-wise operations. Two operands broadcast (NumPy's rule) and must have one dtype; nothing is promoted.
// A number (Scalar) acts as a rank-0 tensor of the other operand's dtype: for int64 it must be whole and in range, for
// bool 0 or 1. Every result is new and row-major. Errors: ShapeError when shapes do not broadcast, DTypeError
// when dtypes differ or the operation does not take them, ValueError for a number that the other's dtype cannot hold.
#pragma once

#include <cstdint>

#include <heed/tensor/tensor.h>

namespace heed {

// Arithmetic: float32, float64, int64. Division is for floating types only.
Tensor add(const Tensor& a, const Tensor& b);
Tensor sub(const Tensor& a, const Tensor& b);
Tensor mul(const Tensor& a, const Tensor& b);
Tensor div(const Tensor& a, const Tensor& b);
Tensor maximum(const Tensor& a, const Tensor& b);  ///< NaN where either is NaN.
Tensor minimum(const Tensor& a, const Tensor& b);  ///< NaN where either is NaN.
Tensor pow(const Tensor& a, const Tensor& b);      ///< Floating types only.
Tensor add(const Tensor& a, Scalar b);
Tensor sub(const Tensor& a, Scalar b);
Tensor sub(Scalar a, const Tensor& b);
Tensor mul(const Tensor& a, Scalar b);
Tensor div(const Tensor& a, Scalar b);
Tensor div(Scalar a, const Tensor& b);
Tensor pow(const Tensor& a, double exponent);

inline Tensor operator+(const Tensor& a, const Tensor& b) { return add(a, b); }
inline Tensor operator-(const Tensor& a, const Tensor& b) { return sub(a, b); }
inline Tensor operator*(const Tensor& a, const Tensor& b) { return mul(a, b); }
inline Tensor operator/(const Tensor& a, const Tensor& b) { return div(a, b); }
inline Tensor operator+(const Tensor& a, Scalar b) { return add(a, b); }
inline Tensor operator+(Scalar a, const Tensor& b) { return add(b, a); }
inline Tensor operator-(const Tensor& a, Scalar b) { return sub(a, b); }
inline Tensor operator-(Scalar a, const Tensor& b) { return sub(a, b); }
inline Tensor operator*(const Tensor& a, Scalar b) { return mul(a, b); }
inline Tensor operator*(Scalar a, const Tensor& b) { return mul(b, a); }
inline Tensor operator/(const Tensor& a, Scalar b) { return div(a, b); }
inline Tensor operator/(Scalar a, const Tensor& b) { return div(a, b); }

// a += b is a = a + b: the handle a gets a new tensor, and what shared storage with it keeps its values. What writes
// into a tensor has a name that ends in `_`.
inline Tensor& operator+=(Tensor& a, const Tensor& b) { return a = add(a, b); }
inline Tensor& operator-=(Tensor& a, const Tensor& b) { return a = sub(a, b); }
inline Tensor& operator*=(Tensor& a, const Tensor& b) { return a = mul(a, b); }
inline Tensor& operator/=(Tensor& a, const Tensor& b) { return a = div(a, b); }
inline Tensor& operator+=(Tensor& a, Scalar b) { return a = add(a, b); }
inline Tensor& operator-=(Tensor& a, Scalar b) { return a = sub(a, b); }
inline Tensor& operator*=(Tensor& a, Scalar b) { return a = mul(a, b); }
inline Tensor& operator/=(Tensor& a, Scalar b) { return a = div(a, b); }

// Comparison: any dtype, gives bool. NaN is not equal to anything.
Tensor eq(const Tensor& a, const Tensor& b);
Tensor ne(const Tensor& a, const Tensor& b);
Tensor lt(const Tensor& a, const Tensor& b);
Tensor le(const Tensor& a, const Tensor& b);
Tensor gt(const Tensor& a, const Tensor& b);
Tensor ge(const Tensor& a, const Tensor& b);
Tensor eq(const Tensor& a, Scalar b);
Tensor ne(const Tensor& a, Scalar b);
Tensor lt(const Tensor& a, Scalar b);
Tensor le(const Tensor& a, Scalar b);
Tensor gt(const Tensor& a, Scalar b);
Tensor ge(const Tensor& a, Scalar b);

// Element by element, as in PyTorch: `a == b` is a tensor of bool. That all are equal says equal() or allclose()
// (compare.h).
inline Tensor operator==(const Tensor& a, const Tensor& b) { return eq(a, b); }
inline Tensor operator!=(const Tensor& a, const Tensor& b) { return ne(a, b); }
inline Tensor operator<(const Tensor& a, const Tensor& b) { return lt(a, b); }
inline Tensor operator<=(const Tensor& a, const Tensor& b) { return le(a, b); }
inline Tensor operator>(const Tensor& a, const Tensor& b) { return gt(a, b); }
inline Tensor operator>=(const Tensor& a, const Tensor& b) { return ge(a, b); }
inline Tensor operator==(const Tensor& a, Scalar b) { return eq(a, b); }
inline Tensor operator!=(const Tensor& a, Scalar b) { return ne(a, b); }
inline Tensor operator<(const Tensor& a, Scalar b) { return lt(a, b); }
inline Tensor operator<=(const Tensor& a, Scalar b) { return le(a, b); }
inline Tensor operator>(const Tensor& a, Scalar b) { return gt(a, b); }
inline Tensor operator>=(const Tensor& a, Scalar b) { return ge(a, b); }
inline Tensor operator==(Scalar a, const Tensor& b) { return eq(b, a); }
inline Tensor operator!=(Scalar a, const Tensor& b) { return ne(b, a); }
inline Tensor operator<(Scalar a, const Tensor& b) { return gt(b, a); }
inline Tensor operator<=(Scalar a, const Tensor& b) { return ge(b, a); }
inline Tensor operator>(Scalar a, const Tensor& b) { return lt(b, a); }
inline Tensor operator>=(Scalar a, const Tensor& b) { return le(b, a); }

// Logic on bool.
Tensor logical_and(const Tensor& a, const Tensor& b);
Tensor logical_or(const Tensor& a, const Tensor& b);
Tensor logical_not(const Tensor& x);
inline Tensor operator&(const Tensor& a, const Tensor& b) { return logical_and(a, b); }
inline Tensor operator|(const Tensor& a, const Tensor& b) { return logical_or(a, b); }
inline Tensor operator~(const Tensor& x) { return logical_not(x); }
inline Tensor operator!(const Tensor& x) { return logical_not(x); }

// Functions of one tensor. neg, abs and clamp take int64 too; the rest floating types only.
Tensor neg(const Tensor& x);
Tensor exp(const Tensor& x);
Tensor log(const Tensor& x);
Tensor sqrt(const Tensor& x);
Tensor expm1(const Tensor& x);  ///< exp(x) - 1, and log1p log(1 + x): exact also where x is small
Tensor log1p(const Tensor& x);
Tensor tanh(const Tensor& x);
Tensor sigmoid(const Tensor& x);
Tensor relu(const Tensor& x);  ///< max(x, 0); NaN stays NaN.
/// x where x > 0, else slope · x (Maas, Hannun, Ng 2013, section 2).
Tensor leaky_relu(const Tensor& x, double negative_slope = 0.01);
/// x where x > 0, else alpha (exp(x) - 1) (Clevert, Unterthiner, Hochreiter 2016, equation 15).
Tensor elu(const Tensor& x, double alpha = 1);
enum class Gelu { none, tanh };
/// x Φ(x), exactly or by the tanh approximation (Hendrycks, Gimpel 2016, section 2).
Tensor gelu(const Tensor& x, Gelu approximate = Gelu::none);
Tensor silu(const Tensor& x);      ///< x sigmoid(x)
Tensor softplus(const Tensor& x);  ///< log(1 + exp(x)); x itself above 20, as PyTorch does.
Tensor sin(const Tensor& x);
Tensor cos(const Tensor& x);
Tensor erf(const Tensor& x);
Tensor abs(const Tensor& x);
Tensor sign(const Tensor& x);  ///< -1, 0 or 1; NaN stays NaN.
/// min ≤ result ≤ max; NaN stays NaN. An infinite bound means no bound, for int64 too. Throws ValueError when min >
/// max.
Tensor clamp(const Tensor& x, Scalar min, Scalar max);
inline Tensor operator-(const Tensor& x) { return neg(x); }

/// a where `condition` (bool) holds, else b; all three broadcast.
Tensor where(const Tensor& condition, const Tensor& a, const Tensor& b);
Tensor where(const Tensor& condition, const Tensor& a, Scalar b);
Tensor where(const Tensor& condition, Scalar a, const Tensor& b);
/// `value` where `mask` (bool, broadcasts to x's shape) holds, else x.
Tensor masked_fill(const Tensor& x, const Tensor& mask, Scalar value);
/// bool: neither infinite nor NaN.
Tensor isfinite(const Tensor& x);
/// True when no element is infinite or NaN; stops at the first that is. Any dtype.
bool all_finite(const Tensor& x);

// Writing into a tensor throws ValueError when its elements share memory (see overlap.h).

/// x += alpha · y, y of x's shape and dtype, as it was before the first write. Floating types.
void add_(Tensor& x, const Tensor& y, double alpha = 1);
inline void add_(Tensor&& view, const Tensor& y, double alpha = 1) { add_(view, y, alpha); }
/// x *= factor. Floating types.
void mul_(Tensor& x, double factor);
inline void mul_(Tensor&& view, double factor) { mul_(view, factor); }

}  // namespace heed

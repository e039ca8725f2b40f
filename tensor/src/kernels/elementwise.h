// Element-wise kernels on one row of float32 or float64: a table of function pointers for the SIMD target in force.
// Integers, bools and comparisons are plain loops elsewhere; so are shapes and broadcasting.
#pragma once

#include <cstdint>

#include "kernels/float_kernels.h"

namespace heed::kernels {

// y[i] = f(x[i * x_stride]) for i < n; y is contiguous. The same x gives the same bits at any position and stride.
// y may be x itself when x_stride is 1; otherwise they must not overlap.
template <class T>
using UnaryKernel = void (*)(const T* x, int64_t x_stride, T* y, int64_t n);

// z[i] = f(x[i * x_stride], y[i * y_stride]); z may be x or y itself where that stride is 1.
template <class T>
using BinaryKernel = void (*)(const T* x, int64_t x_stride, const T* y, int64_t y_stride, T* z, int64_t n);

// y[i] += alpha * x[i], fused where the target has a fused multiply-add.
template <class T>
using AxpyKernel = void (*)(T alpha, const T* x, T* y, int64_t n);

// y[i] = alpha * x[i]; y may be x.
template <class T>
using ScaleKernel = void (*)(T alpha, const T* x, T* y, int64_t n);

using Unary = FloatKernels<UnaryKernel>;
using Binary = FloatKernels<BinaryKernel>;

struct ElementwiseKernels {
  Unary neg, abs, sqrt;
  Unary exp, expm1, log, log1p, tanh, sigmoid, erf, sin, cos;
  Unary relu, gelu, gelu_tanh, silu;
  Unary softplus;  // log(1 + exp(x)), x itself above 20

  Binary add, sub, mul, div, pow;
  Binary maximum, minimum;  // a NaN on either side gives NaN
  Binary leaky_relu;        // x, or y x where x is not above 0
  Binary elu;               // x, or y (exp(x) - 1) where x is not above 0
  Binary tanh_backward;     // x is the output, y its gradient: y (1 - x^2)
  Binary sigmoid_backward;  // x is the output, y its gradient: y x (1 - x)
  Binary relu_backward;     // x is the output or input, y the output's gradient: 0 where x <= 0, else y

  FloatKernels<AxpyKernel> axpy;
  FloatKernels<ScaleKernel> scale;
};

// The kernels of the target in force; look it up once per op, not once per element.
const ElementwiseKernels& elementwise();

}  // namespace heed::kernels

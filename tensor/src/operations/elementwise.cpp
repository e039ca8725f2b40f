// Arithmetic of two operands: kernels for floating types, plain loops for int64.
#include <heed/tensor/detail/operation_scope.h>
#include <heed/tensor/elementwise.h>

#include "kernels/elementwise.h"
#include "operations/elementwise_loops.h"

namespace heed {
namespace {

using detail::Operand;
using Kernels = kernels::ElementwiseKernels;

// Each operation: its name, its kernel, and what it does to int64 (nothing, for floating types only).

struct Add {
  static constexpr const char* name = "add";
  static constexpr auto kernel = &Kernels::add;
  int64_t operator()(int64_t a, int64_t b) const {
    return detail::wrapped(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
  }
};

struct Sub {
  static constexpr const char* name = "sub";
  static constexpr auto kernel = &Kernels::sub;
  int64_t operator()(int64_t a, int64_t b) const {
    return detail::wrapped(static_cast<uint64_t>(a) - static_cast<uint64_t>(b));
  }
};

struct Mul {
  static constexpr const char* name = "mul";
  static constexpr auto kernel = &Kernels::mul;
  int64_t operator()(int64_t a, int64_t b) const {
    return detail::wrapped(static_cast<uint64_t>(a) * static_cast<uint64_t>(b));
  }
};

struct Maximum {
  static constexpr const char* name = "maximum";
  static constexpr auto kernel = &Kernels::maximum;
  int64_t operator()(int64_t a, int64_t b) const { return std::max(a, b); }
};

struct Minimum {
  static constexpr const char* name = "minimum";
  static constexpr auto kernel = &Kernels::minimum;
  int64_t operator()(int64_t a, int64_t b) const { return std::min(a, b); }
};

struct Div {
  static constexpr const char* name = "div";
  static constexpr auto kernel = &Kernels::div;
};

struct Pow {
  static constexpr const char* name = "pow";
  static constexpr auto kernel = &Kernels::pow;
};

// Activations with a parameter, which is their second operand.

struct LeakyRelu {
  static constexpr const char* name = "leaky_relu";
  static constexpr auto kernel = &Kernels::leaky_relu;
};

struct Elu {
  static constexpr const char* name = "elu";
  static constexpr auto kernel = &Kernels::elu;
};

template <class Op>
inline constexpr bool takes_integers = std::is_invocable_v<Op, int64_t, int64_t>;

template <class Op>
inline constexpr int64_t grain = std::is_same_v<Op, Pow>   ? detail::kVeryCostlyGrain
                                 : std::is_same_v<Op, Elu> ? detail::kCostlyGrain
                                                           : detail::kCheapGrain;

template <class Op, class Body>
Tensor dispatch(DType dtype, Body&& body) {
  if constexpr (takes_integers<Op>) {
    return detail::dispatch_number(dtype, Op::name, body);
  } else {
    return detail::dispatch_floating(dtype, Op::name, body);
  }
}

template <class Op, class T>
detail::BinaryRow<T, T> row_of() {
  if constexpr (std::is_same_v<T, int64_t>) {
    return detail::plain_row<Op, T, T>;
  } else {
    return (kernels::elementwise().*Op::kernel).template get<T>();
  }
}

template <class Op>
Tensor arithmetic(const Tensor& a, const Tensor& b) {
  detail::require_same_dtype(a, b, Op::name);
  return dispatch<Op>(a.dtype(), [&]<class T>() {
    const Shape shape = broadcast_shapes(a.shape(), b.shape(), Op::name);
    return detail::map_binary<T, T>(Op::name, shape, Operand<T>(a, shape), Operand<T>(b, shape), row_of<Op, T>(),
                                    grain<Op>);
  });
}

template <class Op>
Tensor arithmetic(const Tensor& a, Scalar b) {
  detail::require_defined(a, Op::name);
  return dispatch<Op>(a.dtype(), [&]<class T>() {
    const T value = detail::convert_scalar<T>(b, Op::name);
    return detail::map_binary<T, T>(Op::name, a.shape(), Operand<T>(a, a.shape()), Operand<T>(value, a.shape()),
                                    row_of<Op, T>(), grain<Op>);
  });
}

template <class Op>
Tensor arithmetic(Scalar a, const Tensor& b) {
  detail::require_defined(b, Op::name);
  return dispatch<Op>(b.dtype(), [&]<class T>() {
    const T value = detail::convert_scalar<T>(a, Op::name);
    return detail::map_binary<T, T>(Op::name, b.shape(), Operand<T>(value, b.shape()), Operand<T>(b, b.shape()),
                                    row_of<Op, T>(), grain<Op>);
  });
}

}  // namespace

Tensor add(const Tensor& a, const Tensor& b) { return arithmetic<Add>(a, b); }
Tensor sub(const Tensor& a, const Tensor& b) { return arithmetic<Sub>(a, b); }
Tensor mul(const Tensor& a, const Tensor& b) { return arithmetic<Mul>(a, b); }
Tensor div(const Tensor& a, const Tensor& b) { return arithmetic<Div>(a, b); }
Tensor maximum(const Tensor& a, const Tensor& b) { return arithmetic<Maximum>(a, b); }
Tensor minimum(const Tensor& a, const Tensor& b) { return arithmetic<Minimum>(a, b); }
Tensor pow(const Tensor& a, const Tensor& b) { return arithmetic<Pow>(a, b); }

Tensor add(const Tensor& a, Scalar b) { return arithmetic<Add>(a, b); }
Tensor sub(const Tensor& a, Scalar b) { return arithmetic<Sub>(a, b); }
Tensor sub(Scalar a, const Tensor& b) { return arithmetic<Sub>(a, b); }
Tensor mul(const Tensor& a, Scalar b) { return arithmetic<Mul>(a, b); }
Tensor div(const Tensor& a, Scalar b) { return arithmetic<Div>(a, b); }
Tensor div(Scalar a, const Tensor& b) { return arithmetic<Div>(a, b); }

Tensor leaky_relu(const Tensor& x, double negative_slope) { return arithmetic<LeakyRelu>(x, negative_slope); }
Tensor elu(const Tensor& x, double alpha) { return arithmetic<Elu>(x, alpha); }

Tensor pow(const Tensor& a, double exponent) {
  const detail::OperationScope operation("pow");
  detail::require_defined(a, "pow");
  // The square is the most common power and the cheapest; both ways are exact.
  return exponent == 2 && is_floating(a.dtype()) ? arithmetic<Mul>(a, a) : arithmetic<Pow>(a, exponent);
}

}  // namespace heed

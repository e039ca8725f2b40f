// Functions of one tensor: kernels for floating types, plain loops for the rest.
#include <bit>
#include <cstdint>
#include <limits>
#include <type_traits>

#include <heed/tensor/detail/operation_scope.h>
#include <heed/tensor/elementwise.h>

#include "kernels/elementwise.h"
#include "operations/elementwise_loops.h"

namespace heed {
namespace {

using detail::kCheapGrain;
using detail::kCostlyGrain;
using Kernels = kernels::ElementwiseKernels;

template <class T>
Tensor apply(const Tensor& x, kernels::UnaryKernel<T> kernel, int64_t grain) {
  Tensor result = empty(x.shape(), x.dtype());
  T* out = result.mutable_data<T>();
  const T* in = x.data<T>();
  const detail::Loop<2> loop(x.shape(), {result.strides(), x.strides()});
  detail::for_each_row(loop, grain, [&](const detail::Loop<2>::Offsets& at, int64_t n) {
    kernel(in + at[1], loop.stride(1), out + at[0], n);
  });
  return result;
}

Tensor function(const Tensor& x, kernels::Unary Kernels::*kernel, std::string_view op, int64_t grain = kCostlyGrain) {
  const detail::OperationScope operation(op);
  detail::require_defined(x, op);
  return detail::dispatch_floating(
      x.dtype(), op, [&]<class T>() { return apply<T>(x, (kernels::elementwise().*kernel).template get<T>(), grain); });
}

/// A bound of clamp() for elements of T; an infinite one means no bound.
template <class T>
T convert_bound(Scalar bound) {
  if constexpr (std::is_same_v<T, int64_t>) {
    const auto number = bound.to<double>("clamp");
    if (std::isinf(number)) {
      return number > 0 ? std::numeric_limits<T>::max() : std::numeric_limits<T>::min();
    }
  }
  return detail::convert_scalar<T>(bound, "clamp");
}

}  // namespace

Tensor neg(const Tensor& x) {
  const detail::OperationScope operation("neg");
  detail::require_defined(x, "neg");
  if (x.dtype() == DType::int64) {
    return detail::map_plain<int64_t, int64_t>(
        x, [](int64_t value) { return detail::wrapped(0 - static_cast<uint64_t>(value)); });
  }
  return function(x, &Kernels::neg, "neg", kCheapGrain);
}

Tensor abs(const Tensor& x) {
  const detail::OperationScope operation("abs");
  detail::require_defined(x, "abs");
  if (x.dtype() == DType::int64) {
    return detail::map_plain<int64_t, int64_t>(
        x, [](int64_t value) { return value < 0 ? detail::wrapped(0 - static_cast<uint64_t>(value)) : value; });
  }
  return function(x, &Kernels::abs, "abs", kCheapGrain);
}

Tensor exp(const Tensor& x) { return function(x, &Kernels::exp, "exp"); }
Tensor log(const Tensor& x) { return function(x, &Kernels::log, "log"); }
Tensor expm1(const Tensor& x) { return function(x, &Kernels::expm1, "expm1"); }
Tensor log1p(const Tensor& x) { return function(x, &Kernels::log1p, "log1p"); }
Tensor sqrt(const Tensor& x) { return function(x, &Kernels::sqrt, "sqrt"); }
Tensor tanh(const Tensor& x) { return function(x, &Kernels::tanh, "tanh"); }
Tensor sigmoid(const Tensor& x) { return function(x, &Kernels::sigmoid, "sigmoid"); }
Tensor relu(const Tensor& x) { return function(x, &Kernels::relu, "relu", kCheapGrain); }
Tensor gelu(const Tensor& x, Gelu approximate) {
  return function(x, approximate == Gelu::tanh ? &Kernels::gelu_tanh : &Kernels::gelu, "gelu");
}
Tensor silu(const Tensor& x) { return function(x, &Kernels::silu, "silu"); }
Tensor softplus(const Tensor& x) { return function(x, &Kernels::softplus, "softplus"); }
Tensor sin(const Tensor& x) { return function(x, &Kernels::sin, "sin"); }
Tensor cos(const Tensor& x) { return function(x, &Kernels::cos, "cos"); }
Tensor erf(const Tensor& x) { return function(x, &Kernels::erf, "erf"); }

Tensor sign(const Tensor& x) {
  const detail::OperationScope operation("sign");
  detail::require_defined(x, "sign");
  return detail::dispatch_floating(x.dtype(), "sign", [&]<class T>() {
    return detail::map_plain<T, T>(x, [](T value) {
      const T sign = static_cast<T>(value > 0) - static_cast<T>(value < 0);
      return value == value ? sign : value;
    });
  });
}

Tensor clamp(const Tensor& x, Scalar min, Scalar max) {
  const detail::OperationScope operation("clamp");
  detail::require_defined(x, "clamp");
  return detail::dispatch_number(x.dtype(), "clamp", [&]<class T>() {
    const T low = convert_bound<T>(min);
    const T high = convert_bound<T>(max);
    check(low <= high, "clamp", "min must not be above max, got ", min, " and ", max);
    return detail::map_plain<T, T>(x, [low, high](T value) {
      const T raised = value < low ? low : value;
      return raised > high ? high : raised;
    });
  });
}

Tensor isfinite(const Tensor& x) {
  const detail::OperationScope operation("isfinite");
  detail::require_defined(x, "isfinite");
  return detail::dispatch_all(x.dtype(), [&]<class T>() {
    return detail::map_plain<T, bool>(x, [](T value) {
      if constexpr (std::is_floating_point_v<T>) {
        return std::abs(value) <= std::numeric_limits<T>::max();
      } else {
        return true;
      }
    });
  });
}

namespace {

/// Whether one of n elements is infinite or NaN. Without a branch, so that the compiler can use vectors.
template <class T>
bool has_nonfinite(const T* x, int64_t stride, int64_t n) {
  using Bits = std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>;
  const Bits exponent = std::bit_cast<Bits>(std::numeric_limits<T>::infinity());
  Bits nonfinite = 0;
  if (stride == 1) {
    for (int64_t i = 0; i < n; ++i) {
      nonfinite |= Bits{(std::bit_cast<Bits>(x[i]) & exponent) == exponent};
    }
  } else {
    for (int64_t i = 0; i < n; ++i) {
      nonfinite |= Bits{(std::bit_cast<Bits>(x[i * stride]) & exponent) == exponent};
    }
  }
  return nonfinite != 0;
}

}  // namespace

bool all_finite(const Tensor& x) {
  detail::require_defined(x, "all_finite");
  if (!is_floating(x.dtype())) {
    return true;
  }
  return detail::dispatch_floating(x.dtype(), "all_finite", [&]<class T>() {
    const T* in = x.data<T>();
    constexpr int64_t kPiece = 4096;
    bool finite = true;
    // It can stop between pieces.
    if (x.is_contiguous()) {
      for (int64_t begin = 0; begin < x.numel() && finite; begin += kPiece) {
        finite = !has_nonfinite(in + begin, 1, std::min(kPiece, x.numel() - begin));
      }
      return finite;
    }
    const detail::Loop<1> loop(x.shape(), {x.strides()});
    const int64_t stride = loop.stride(0);
    for (int64_t begin = 0; begin < loop.numel() && finite; begin += kPiece) {
      loop.run(begin, std::min(begin + kPiece, loop.numel()), [&](const detail::Loop<1>::Offsets& at, int64_t n) {
        finite = finite && !has_nonfinite(in + at[0], stride, n);
      });
    }
    return finite;
  });
}

}  // namespace heed

// Sums, means, variances, extremes, any and all over sets of axes.
#include <heed/tensor/detail/operation_scope.h>
#include <heed/tensor/reduce.h>

#include <limits>

#include <heed/tensor/elementwise.h>
#include <heed/tensor/view.h>

#include "core/dispatch.h"
#include "core/require.h"
#include "kernels/reduce.h"
#include "operations/reduce_plan.h"

namespace heed {
namespace {

/// The same sums in a wider range: float32 in float64, float64 a power of two smaller. A partial sum can leave the
/// range of T where the whole, or the mean, does not.
template <class T>
struct CarefulSum {
  using Sum = double;
  static constexpr double kScale = std::is_same_v<T, float> ? 1 : 0x1p-64;
  double divisor = 1;
  Sum start = 0;

  Sum row(const T* x, int64_t stride, int64_t n) const {
    Sum sum = 0;
    for (int64_t i = 0; i < n; ++i) {
      sum += static_cast<double>(x[i * stride]) * kScale;
    }
    return sum;
  }
  void columns(const T* x, int64_t row_stride, int64_t rows, int64_t columns, Sum* sums) const {
    for (int64_t i = 0; i < rows; ++i) {
      for (int64_t j = 0; j < columns; ++j) {
        sums[j] += static_cast<double>(x[i * row_stride + j]) * kScale;
      }
    }
  }
  Sum join(Sum a, Sum b) const { return a + b; }
  T finish(Sum sum) const { return static_cast<T>(sum / divisor / kScale); }
};

/// Sums of floating types, in float64 beyond blocks of kBlock rows, so that long float32 sums stay accurate.
template <class T>
struct FloatSum {
  using Sum = double;
  static constexpr int64_t kBlock = 32;
  double divisor = 1;
  Sum start = 0;

  Sum row(const T* x, int64_t stride, int64_t n) const { return kernels::reduce().get<T>().sum(x, stride, n); }
  void columns(const T* x, int64_t row_stride, int64_t rows, int64_t columns, Sum* sums) const {
    for (int64_t first = 0; first < rows; first += kBlock) {
      T block[detail::kColumnTile] = {};
      kernels::reduce().get<T>().sum_columns(x + first * row_stride, row_stride, std::min(kBlock, rows - first),
                                             columns, block);
      std::transform(sums, sums + columns, block, sums, [](double sum, T term) { return sum + term; });
    }
  }
  Sum join(Sum a, Sum b) const { return a + b; }
  T finish(Sum sum) const { return static_cast<T>(divisor == 1 ? sum : sum / divisor); }
};

/// The sum over `divisor`. What is not finite is summed again with care, that alone: a result must not depend on its
/// neighbours.
template <class T>
Tensor floating_sum(const detail::ReducePlan& plan, double divisor) {
  Tensor direct = detail::run_reduction<T, T>(plan, FloatSum<T>{.divisor = divisor});
  if (all_finite(direct)) {
    return direct;
  }
  return where(isfinite(direct), direct, detail::run_reduction<T, T>(plan, CarefulSum<T>{.divisor = divisor}));
}

/// A reduction by plain loops: F{}(so far, element).
template <class T, class Value, class F>
struct PlainReduction {
  using Sum = Value;
  Sum start;

  Sum row(const T* x, int64_t stride, int64_t n) const {
    Sum sum = start;
    for (int64_t i = 0; i < n; ++i) {
      sum = F{}(sum, static_cast<Value>(x[i * stride]));
    }
    return sum;
  }
  void columns(const T* x, int64_t row_stride, int64_t rows, int64_t columns, Sum* sums) const {
    for (int64_t i = 0; i < rows; ++i) {
      for (int64_t j = 0; j < columns; ++j) {
        sums[j] = F{}(sums[j], static_cast<Value>(x[i * row_stride + j]));
      }
    }
  }
  Sum join(Sum a, Sum b) const { return F{}(a, b); }
  Value finish(Sum sum) const { return sum; }
};

struct WrappingPlus {
  int64_t operator()(int64_t a, int64_t b) const {
    return static_cast<int64_t>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
  }
};

/// max or min of floating types; NaN wins.
template <class T>
struct FloatExtreme {
  using Sum = T;
  bool largest;
  Sum start;

  Sum row(const T* x, int64_t stride, int64_t n) const {
    const kernels::ReduceKernels<T>& table = kernels::reduce().get<T>();
    return (largest ? table.max : table.min)(x, stride, n);
  }
  void columns(const T* x, int64_t row_stride, int64_t rows, int64_t columns, Sum* sums) const {
    const kernels::ReduceKernels<T>& table = kernels::reduce().get<T>();
    (largest ? table.max_columns : table.min_columns)(x, row_stride, rows, columns, sums);
  }
  Sum join(Sum a, Sum b) const { return a != a || (largest ? a > b : a < b) ? a : b; }
  T finish(Sum sum) const { return sum; }
};

struct Larger {
  int64_t operator()(int64_t a, int64_t b) const { return std::max(a, b); }
};
struct Smaller {
  int64_t operator()(int64_t a, int64_t b) const { return std::min(a, b); }
};

Tensor extreme(const Tensor& x, const Dims& dims, bool keepdim, bool largest) {
  const detail::OperationScope operation(largest ? "max" : "min");
  const char* op = largest ? "max" : "min";
  const detail::ReducePlan plan = detail::plan_reduction(x, dims, keepdim, op);
  check<ShapeError>(plan.count > 0 || plan.shape.numel() == 0, op, "a reduced axis must not be empty, got ", x.shape(),
                    " over axes ", dims);
  return detail::dispatch_number(x.dtype(), op, [&]<class T>() {
    using Limits = std::numeric_limits<T>;
    if constexpr (std::is_floating_point_v<T>) {
      return detail::run_reduction<T, T>(plan,
                                         FloatExtreme<T>{largest, largest ? -Limits::infinity() : Limits::infinity()});
    } else if (largest) {
      return detail::run_reduction<T, T>(plan, PlainReduction<T, T, Larger>{Limits::min()});
    } else {
      return detail::run_reduction<T, T>(plan, PlainReduction<T, T, Smaller>{Limits::max()});
    }
  });
}

/// The sum divided by `divisor`.
Tensor quotient(const Tensor& x, const Dims& dims, bool keepdim, double divisor, std::string_view op) {
  const detail::ReducePlan plan = detail::plan_reduction(x, dims, keepdim, op);
  return detail::dispatch_floating(x.dtype(), op, [&]<class T>() { return floating_sum<T>(plan, divisor); });
}

int64_t count_over(const Tensor& x, const Dims& dims, std::string_view op) {
  int64_t count = 1;
  for (const int64_t axis : normalize_dims(dims, x.rank(), op)) {
    count *= x.shape()[axis];
  }
  return count;
}

/// Mean squared distance from the mean, `divisor` in place of n.
Tensor mean_square_distance(const Tensor& x, const Dims& dims, bool keepdim, double count, double divisor) {
  Tensor distance = sub(x, quotient(x, dims, true, count, "var"));
  // The mean was rounded. Without its rest, equal elements have a variance of exactly 0.
  distance = sub(distance, quotient(distance, dims, true, count, "var"));
  return quotient(mul(distance, distance), dims, keepdim, divisor, "var");
}

}  // namespace

Tensor sum(const Tensor& x, const Dims& dims, bool keepdim) {
  const detail::OperationScope operation("sum");
  const detail::ReducePlan plan = detail::plan_reduction(x, dims, keepdim, "sum");
  return detail::dispatch_all(x.dtype(), [&]<class T>() {
    if constexpr (std::is_floating_point_v<T>) {
      return floating_sum<T>(plan, 1);
    } else {
      return detail::run_reduction<T, int64_t>(plan, PlainReduction<T, int64_t, WrappingPlus>{0});
    }
  });
}

Tensor mean(const Tensor& x, const Dims& dims, bool keepdim) {
  const detail::OperationScope operation("mean");
  return quotient(x, dims, keepdim, static_cast<double>(count_over(x, dims, "mean")), "mean");
}

Tensor var(const Tensor& x, const Dims& dims, bool unbiased, bool keepdim) {
  const detail::OperationScope operation("var");
  const double count = static_cast<double>(count_over(x, dims, "var"));
  // Of no element, and of one element if unbiased, it is 0 / 0.
  const double divisor = std::max(0.0, unbiased ? count - 1 : count);
  Tensor direct = mean_square_distance(x, dims, keepdim, count, divisor);
  if (all_finite(direct)) {
    return direct;
  }
  // A square can leave the range of T where the variance does not. A power of two costs no digit of what is large.
  const double scale = x.dtype() == DType::float32 ? 0x1p-80 : 0x1p-600;
  const Tensor scaled = mean_square_distance(mul(x, scale), dims, keepdim, count, divisor);
  return where(isfinite(direct), direct, mul(mul(scaled, 1 / scale), 1 / scale));
}

Tensor stddev(const Tensor& x, const Dims& dims, bool unbiased, bool keepdim) {
  const detail::OperationScope operation("stddev");
  detail::require_floating(x, "stddev");
  const Dims axes = normalize_dims(dims, x.rank(), "stddev");
  const Tensor square = var(x, axes, unbiased, keepdim);
  const bool is_float = x.dtype() == DType::float32;
  const Tensor small = lt(square, is_float ? 0x1p-90 : 0x1p-900);
  const Tensor direct = sqrt(square);
  if (all_finite(square) && !any(small, all_axes(small.rank())).item<bool>()) {
    return direct;
  }
  // A variance can leave the range of T, or come near to 0, where its root does not.
  const auto scaled = [&](double factor) {
    return mul(sqrt(var(mul(x, factor), axes, unbiased, keepdim)), 1 / factor);
  };
  const Tensor of_small = scaled(is_float ? 0x1p+64 : 0x1p+600);
  const Tensor result = where(logical_and(small, isfinite(of_small)), of_small, direct);
  return where(isfinite(square), result, scaled(is_float ? 0x1p-80 : 0x1p-600));
}

Tensor max(const Tensor& x, const Dims& dims, bool keepdim) { return extreme(x, dims, keepdim, true); }

Tensor min(const Tensor& x, const Dims& dims, bool keepdim) { return extreme(x, dims, keepdim, false); }

Tensor any(const Tensor& x, const Dims& dims, bool keepdim) {
  const detail::OperationScope operation("any");
  detail::require_dtype(x, DType::boolean, "any", "the operand");
  return detail::run_reduction<bool, bool>(detail::plan_reduction(x, dims, keepdim, "any"),
                                           PlainReduction<bool, bool, std::bit_or<>>{false});
}

Tensor all(const Tensor& x, const Dims& dims, bool keepdim) {
  const detail::OperationScope operation("all");
  detail::require_dtype(x, DType::boolean, "all", "the operand");
  return detail::run_reduction<bool, bool>(detail::plan_reduction(x, dims, keepdim, "all"),
                                           PlainReduction<bool, bool, std::bit_and<>>{true});
}

Tensor sum(const Tensor& x) { return sum(x, all_axes(x.rank())); }
Tensor mean(const Tensor& x) { return mean(x, all_axes(x.rank())); }
Tensor stddev(const Tensor& x) { return stddev(x, all_axes(x.rank())); }
Tensor var(const Tensor& x) { return var(x, all_axes(x.rank())); }
Tensor max(const Tensor& x) { return max(x, all_axes(x.rank())); }
Tensor min(const Tensor& x) { return min(x, all_axes(x.rank())); }
Tensor logsumexp(const Tensor& x) { return logsumexp(x, all_axes(x.rank())); }

Tensor sum_to(const Tensor& x, const Shape& shape) {
  const detail::OperationScope operation("sum_to");
  detail::require_defined(x, "sum_to");
  if (x.shape() == shape) {
    return x;
  }
  const int64_t added = x.rank() - shape.rank();
  check<ShapeError>(added >= 0, "sum_to", shape, " does not broadcast to ", x.shape());
  Dims dims;
  for (int64_t axis = 0; axis < x.rank(); ++axis) {
    const int64_t size = axis < added ? 1 : shape[axis - added];
    check<ShapeError>(size == x.shape()[axis] || size == 1, "sum_to", shape, " does not broadcast to ", x.shape());
    if (axis < added || size != x.shape()[axis]) {
      dims.push_back(axis);
    }
  }
  return reshape(sum(x, dims, true), shape);
}

}  // namespace heed

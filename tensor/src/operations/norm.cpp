// Layer normalisation of rows, and that by the root of the mean square, forward and backward.
#include <heed/tensor/norm.h>
#include <heed/tensor/rms_norm.h>

#include <limits>

#include <heed/tensor/create.h>
#include <heed/tensor/detail/norm.h>
#include <heed/tensor/detail/operation_scope.h>
#include <heed/tensor/detail/rms_norm.h>

#include "core/dispatch.h"
#include "core/require.h"
#include "kernels/norm.h"
#include "operations/empty_for.h"
#include "operations/loops.h"

namespace heed {
namespace {

/// x as rows: the leading axes, and the normalised axes.
struct Rows {
  Shape leading, normalized;
  int64_t count = 1;
  int64_t length = 1;

  Rows(const Tensor& x, int64_t axes, std::string_view op) {
    detail::require_defined(x, op);
    check<ShapeError>(axes >= 1 && axes <= x.rank(), op, "needs 1 to ", x.rank(), " axes of ", x.shape(), ", got ",
                      axes);
    for (int64_t i = 0; i < x.rank(); ++i) {
      const bool leads = i < x.rank() - axes;
      (leads ? leading : normalized).push_back(x.shape()[i]);
      (leads ? count : length) *= x.shape()[i];
    }
  }
  bool has_elements() const { return count > 0 && length > 0; }
  int64_t grain() const { return detail::kCheapGrain / std::max<int64_t>(length, 1) + 1; }
  /// Where columns are split over threads.
  int64_t column_grain() const { return detail::kCheapGrain / std::max<int64_t>(count, 1) + 1; }
};

/// A parameter as the kernels take it: without gaps, of the normalised shape, or undefined.
Tensor parameter(const Tensor& p, const Tensor& x, const Rows& rows, std::string_view op, std::string_view what) {
  if (!p.defined()) {
    return p;
  }
  detail::require_same_dtype(x, p, op);
  detail::require_shape(p, rows.normalized, op, what);
  return contiguous(p);
}

template <class T>
const T* data_or_null(const Tensor& x) {
  return x.defined() ? x.data<T>() : nullptr;
}

}  // namespace

LayerNormResult layer_norm(const Tensor& x, int64_t axes, const Tensor& weight, const Tensor& bias, double eps) {
  const detail::OperationScope operation("layer_norm");
  const Rows rows(x, axes, "layer_norm");
  const Tensor gamma = parameter(weight, x, rows, "layer_norm", "the weight");
  const Tensor beta = parameter(bias, x, rows, "layer_norm", "the bias");
  const Tensor values = contiguous(x);
  const auto one_per_row = [&] { return detail::empty_for("layer_norm", rows.leading, x.dtype()); };
  LayerNormResult result{detail::empty_for("layer_norm", x.shape(), x.dtype()), one_per_row(), one_per_row()};
  detail::dispatch_floating(x.dtype(), "layer_norm", [&]<class T>() {
    if (!rows.has_elements()) {
      fill_(result.mean, std::numeric_limits<double>::quiet_NaN());
      fill_(result.inverse_deviation, std::numeric_limits<double>::quiet_NaN());
      return;
    }
    const auto kernel = kernels::norm().get<T>().layer_norm;
    const T* in = values.data<T>();
    const T* scale = data_or_null<T>(gamma);
    const T* shift = data_or_null<T>(beta);
    T* y = result.y.mutable_data<T>();
    T* mean = result.mean.mutable_data<T>();
    T* inverse_deviation = result.inverse_deviation.mutable_data<T>();
    parallel_for(0, rows.count, rows.grain(), [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; ++row) {
        const int64_t at = row * rows.length;
        kernel(in + at, scale, shift, static_cast<T>(eps), y + at, mean + row, inverse_deviation + row, rows.length);
      }
    });
  });
  return result;
}

LayerNormGradients layer_norm_backward(const Tensor& grad, const Tensor& x, int64_t axes, const Tensor& mean,
                                       const Tensor& inverse_deviation, const Tensor& weight) {
  constexpr const char* kOp = "layer_norm_backward";
  const Rows rows(x, axes, kOp);
  detail::require_same_dtype(grad, x, kOp);
  detail::require_shape(grad, x.shape(), kOp, "the gradient");
  detail::require_shape(mean, rows.leading, kOp, "the mean");
  detail::require_shape(inverse_deviation, rows.leading, kOp, "the inverse deviation");
  const Tensor gamma = parameter(weight, x, rows, kOp, "the weight");
  const Tensor values = contiguous(x), dy = contiguous(grad);
  const Tensor means = contiguous(mean), inverses = contiguous(inverse_deviation);
  LayerNormGradients result{empty_like(x), Tensor(), Tensor()};
  if (weight.defined()) {
    result.weight = zeros(rows.normalized, x.dtype());
    result.bias = zeros(rows.normalized, x.dtype());
  }
  detail::dispatch_floating(x.dtype(), kOp, [&]<class T>() {
    const kernels::NormKernels<T>& table = kernels::norm().get<T>();
    const T *in = values.data<T>(), *g = dy.data<T>(), *m = means.data<T>(), *inverse = inverses.data<T>();
    const T* scale = data_or_null<T>(gamma);
    T* dx = result.x.mutable_data<T>();
    if (!rows.has_elements()) {
      return;
    }
    parallel_for(0, rows.count, rows.grain(), [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; ++row) {
        const int64_t at = row * rows.length;
        table.layer_norm_backward(in + at, scale, g + at, m[row], inverse[row], dx + at, rows.length);
      }
    });
    if (weight.defined()) {
      T *dgamma = result.weight.mutable_data<T>(), *dbeta = result.bias.mutable_data<T>();
      parallel_for(0, rows.length, rows.column_grain(), [&](int64_t begin, int64_t end) {
        table.layer_norm_backward_parameters(in + begin, g + begin, rows.length, m, inverse, rows.count, end - begin,
                                             dgamma + begin, dbeta + begin);
      });
    }
  });
  return result;
}

double rms_norm_eps(std::optional<double> eps, DType dtype) {
  check(!eps || *eps >= 0, "rms_norm", "eps must be 0 or more, got ", eps.value_or(0));
  const bool narrow = dtype == DType::float32;
  return eps.value_or(narrow ? double{std::numeric_limits<float>::epsilon()} : std::numeric_limits<double>::epsilon());
}

RMSNormResult rms_norm_rows(const Tensor& x, int64_t axes, const Tensor& weight, std::optional<double> eps) {
  const detail::OperationScope operation("rms_norm");
  constexpr const char* kOp = "rms_norm";
  const Rows rows(x, axes, kOp);
  detail::require_floating(x, kOp);
  const double added = rms_norm_eps(eps, x.dtype());
  const Tensor gamma = parameter(weight, x, rows, kOp, "the weight"), values = contiguous(x);
  RMSNormResult result{detail::empty_for(kOp, x.shape(), x.dtype()), detail::empty_for(kOp, rows.leading, x.dtype())};
  detail::dispatch_floating(x.dtype(), kOp, [&]<class T>() {
    if (!rows.has_elements()) {
      fill_(result.inverse, std::numeric_limits<double>::quiet_NaN());
      return;
    }
    const auto kernel = kernels::norm().get<T>().rms_norm;
    const T *in = values.data<T>(), *scale = data_or_null<T>(gamma);
    T *y = result.y.mutable_data<T>(), *inverse = result.inverse.mutable_data<T>();
    parallel_for(0, rows.count, rows.grain(), [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; ++row) {
        const int64_t at = row * rows.length;
        kernel(in + at, scale, static_cast<T>(added), y + at, inverse + row, rows.length);
      }
    });
  });
  return result;
}

Tensor rms_norm(const Tensor& x, int64_t axes, const Tensor& weight, std::optional<double> eps) {
  return rms_norm_rows(x, axes, weight, eps).y;
}

RMSNormGradients rms_norm_backward(const Tensor& grad, const Tensor& x, int64_t axes, const Tensor& inverse,
                                   const Tensor& weight) {
  constexpr const char* kOp = "rms_norm_backward";
  const Rows rows(x, axes, kOp);
  detail::require_same_dtype(grad, x, kOp);
  detail::require_shape(grad, x.shape(), kOp, "the gradient");
  detail::require_shape(inverse, rows.leading, kOp, "the inverse root");
  const Tensor gamma = parameter(weight, x, rows, kOp, "the weight");
  const Tensor values = contiguous(x), dy = contiguous(grad), inverses = contiguous(inverse);
  RMSNormGradients result{detail::empty_for(kOp, x.shape(), x.dtype()), Tensor()};
  if (weight.defined()) {
    result.weight = zeros(rows.normalized, x.dtype());
  }
  if (!rows.has_elements()) {
    return result;
  }
  detail::dispatch_floating(x.dtype(), kOp, [&]<class T>() {
    const kernels::NormKernels<T>& table = kernels::norm().get<T>();
    const T *in = values.data<T>(), *g = dy.data<T>(), *r = inverses.data<T>(), *scale = data_or_null<T>(gamma);
    T* dx = result.x.mutable_data<T>();
    parallel_for(0, rows.count, rows.grain(), [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; ++row) {
        const int64_t at = row * rows.length;
        table.rms_norm_backward(in + at, scale, g + at, r[row], dx + at, rows.length);
      }
    });
    if (weight.defined()) {
      T* dgamma = result.weight.mutable_data<T>();
      parallel_for(0, rows.length, rows.column_grain(), [&](int64_t begin, int64_t end) {
        table.rms_norm_backward_weight(in + begin, g + begin, rows.length, r, rows.count, end - begin, dgamma + begin);
      });
    }
  });
  return result;
}

}  // namespace heed

// Reductions over any set of axes. `keepdim` leaves an axis of size 1 in place of each one reduced.
// Each result is accumulated in an order fixed by the reduced sizes alone: the same bits at any thread count. A sum,
// mean or variance that fits the dtype is correct even where a partial sum or a square overflows.
#pragma once

#include <heed/tensor/tensor.h>

namespace heed {

// Over all elements, to rank 0. There var is unbiased; with a bool beside it a list of one axis would be taken for it.
Tensor sum(const Tensor& x);
Tensor mean(const Tensor& x);
Tensor var(const Tensor& x);
Tensor stddev(const Tensor& x);
Tensor max(const Tensor& x);
Tensor min(const Tensor& x);
Tensor argmax(const Tensor& x);  ///< Index into the row-major elements.
Tensor argmin(const Tensor& x);
Tensor logsumexp(const Tensor& x);

/// float32, float64, int64 (wraps around); bool counts true ones as int64. An empty sum is 0.
Tensor sum(const Tensor& x, const Dims& dims, bool keepdim = false);
/// Floating types. An empty mean is NaN.
Tensor mean(const Tensor& x, const Dims& dims, bool keepdim = false);
/// Mean squared distance from the mean, over n - 1 (unbiased) or n. NaN of nothing, and of one element when unbiased.
/// Floating types.
Tensor var(const Tensor& x, const Dims& dims, bool unbiased = true, bool keepdim = false);
/// The square root of var: torch.std, under a name that `using namespace heed` does not take from namespace std.
Tensor stddev(const Tensor& x, const Dims& dims, bool unbiased = true, bool keepdim = false);
/// Largest element, NaN if there is any. Throws ShapeError when there is none to choose from; where the result is empty
/// too there is nothing to choose.
Tensor max(const Tensor& x, const Dims& dims, bool keepdim = false);
Tensor min(const Tensor& x, const Dims& dims, bool keepdim = false);
/// Index of the first largest element along `dim` (the first NaN, if any), int64. Throws as max().
Tensor argmax(const Tensor& x, int64_t dim, bool keepdim = false);
Tensor argmin(const Tensor& x, int64_t dim, bool keepdim = false);  ///< Of the first smallest.
/// log Σ exp, shifted by the largest element so that it neither overflows nor underflows. An empty one is -∞.
Tensor logsumexp(const Tensor& x, const Dims& dims, bool keepdim = false);
/// Running sums along `dim`; same shape as x.
Tensor cumsum(const Tensor& x, int64_t dim);

/// bool: any element true; of nothing false. Takes bool.
Tensor any(const Tensor& x, const Dims& dims, bool keepdim = false);
/// bool: all elements true; of nothing true. Takes bool.
Tensor all(const Tensor& x, const Dims& dims, bool keepdim = false);

/// Sums x over the axes along which `shape` was broadcast to x's shape: the adjoint of expand(). Throws ShapeError.
Tensor sum_to(const Tensor& x, const Shape& shape);

}  // namespace heed

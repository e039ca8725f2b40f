// Reductions of Variables; see heed/tensor/reduce.h for what each computes.
#pragma once

#include <heed/autograd/variable.h>
#include <heed/tensor/reduce.h>

namespace heed {

// Over all elements, to rank 0.
Variable sum(const Variable& x);
Variable mean(const Variable& x);
Variable var(const Variable& x);
Variable stddev(const Variable& x);
Variable max(const Variable& x);
Variable min(const Variable& x);
Variable logsumexp(const Variable& x);

Variable sum(const Variable& x, const Dims& dims, bool keepdim = false);
Variable mean(const Variable& x, const Dims& dims, bool keepdim = false);
Variable var(const Variable& x, const Dims& dims, bool unbiased = true, bool keepdim = false);
Variable stddev(const Variable& x, const Dims& dims, bool unbiased = true, bool keepdim = false);  ///< Gradient 0 at 0.
/// Equal largest elements share the gradient equally; if there are NaNs, they do.
Variable max(const Variable& x, const Dims& dims, bool keepdim = false);
/// As max(), with the smallest.
Variable min(const Variable& x, const Dims& dims, bool keepdim = false);
Variable logsumexp(const Variable& x, const Dims& dims, bool keepdim = false);
Variable cumsum(const Variable& x, int64_t dim);
/// Sums x over the axes along which `shape` was broadcast to x's shape: the adjoint of expand().
Variable sum_to(const Variable& x, const Shape& shape);

}  // namespace heed

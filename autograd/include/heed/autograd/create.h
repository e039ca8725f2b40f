// Copies and conversions of Variables, and tensors like them; see heed/tensor/create.h.
#pragma once

#include <heed/autograd/variable.h>
#include <heed/tensor/create.h>

namespace heed {

/// A copy of the value, through which gradients flow. A leaf of its own is Variable(clone(x.value()), true).
Variable clone(const Variable& x);
/// x itself when its elements are in row-major order without gaps, else clone(x).
Variable contiguous(const Variable& x);
/// x itself if it has that dtype, else converted. Gradients flow through, in x's dtype, between floating types; an
/// int64 or bool result has none.
Variable to(const Variable& x, DType dtype);

// Data of the shape and dtype of x, without a gradient.
inline Tensor empty_like(const Variable& x) { return empty_like(x.value()); }
inline Tensor zeros_like(const Variable& x) { return zeros_like(x.value()); }
inline Tensor ones_like(const Variable& x) { return ones_like(x.value()); }
inline Tensor full_like(const Variable& x, Scalar value) { return full_like(x.value(), value); }

}  // namespace heed

// Matrix products of floating tensors. Operands of any strides (a transposed view costs nothing, nothing is copied).
// Each element of a product is accumulated over k in one fixed order, whatever the sizes around it: a row gives the
// same bits alone as in a batch.
#pragma once

#include <heed/tensor/tensor.h>

namespace heed {

/// NumPy's matmul: (…, M, K) × (…, K, N) → (…, M, N), leading axes broadcast; a rank-1 operand is a row on the left and
/// a column on the right, and its axis disappears. Throws ShapeError, DTypeError.
Tensor matmul(const Tensor& a, const Tensor& b);

/// x Wᵀ + b: x (…, I), weight (O, I), bias (O) or undefined → (…, O). Throws ShapeError, DTypeError.
Tensor linear(const Tensor& x, const Tensor& weight, const Tensor& bias = Tensor());

/// Writes a b, or adds it where `accumulate`, to out: (M, K) × (K, N) → (M, N). a and b are read as
/// they were before the first write. Throws ShapeError, DTypeError, and ValueError unless rows of out have unit stride
/// and its elements memory of their own.
void matmul_into(Tensor& out, const Tensor& a, const Tensor& b, bool accumulate = false);

}  // namespace heed

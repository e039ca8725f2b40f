// Matrix products of Variables; see heed/tensor/matmul.h.
#pragma once

#include <heed/autograd/variable.h>
#include <heed/tensor/matmul.h>

namespace heed {

/// (…, M, K) × (…, K, N) → (…, M, N), leading axes broadcast; rank-1 operands as in NumPy.
Variable matmul(const Variable& a, const Variable& b);
/// x Wᵀ + b: x (…, I), weight (O, I), bias (O) or undefined → (…, O).
Variable linear(const Variable& x, const Variable& weight, const Variable& bias = Variable());

}  // namespace heed

// Lengths of vectors, and the angle between two; see heed/tensor/vector_norm.h.
#pragma once

#include <heed/autograd/variable.h>
#include <heed/tensor/vector_norm.h>

namespace heed {

// The gradient is 0 where the norm is.
Variable norm(const Variable& x, double p = 2);
Variable norm(const Variable& x, double p, const Dims& dims, bool keepdim = false);
Variable cosine_similarity(const Variable& a, const Variable& b, int64_t dim = 1, double eps = 1e-8);

}  // namespace heed

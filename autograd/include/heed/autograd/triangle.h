// Triangles of matrices; see heed/tensor/triangle.h.
#pragma once

#include <heed/autograd/variable.h>
#include <heed/tensor/triangle.h>

namespace heed {

Variable tril(const Variable& x, int64_t diagonal = 0);
Variable triu(const Variable& x, int64_t diagonal = 0);

}  // namespace heed

// Views of Variables: other shapes of the same storage; see heed/tensor/view.h for what each gives.
#pragma once

#include <heed/autograd/variable.h>
#include <heed/tensor/view.h>

namespace heed {

Variable transpose(const Variable& x, int64_t dim0, int64_t dim1);
Variable permute(const Variable& x, const Dims& dims);
Variable slice(const Variable& x, int64_t dim, int64_t start, int64_t stop, int64_t step = 1);
/// The gradient of each call is a whole zero tensor but for the part taken: to take x apart, use split().
Variable narrow(const Variable& x, int64_t dim, int64_t start, int64_t length);
/// As for narrow(): to take x apart along `dim`, use unbind().
Variable select(const Variable& x, int64_t dim, int64_t index);
Variable expand(const Variable& x, const Shape& shape);
Variable squeeze(const Variable& x, int64_t dim);
Variable squeeze(const Variable& x);
Variable unsqueeze(const Variable& x, int64_t dim);
Variable reshape(const Variable& x, const Shape& shape);
Variable flatten(const Variable& x, int64_t start_dim = 0, int64_t end_dim = -1);

}  // namespace heed

// Joins, splits and reverses tensors; the causal and the padding mask.
#include <algorithm>

#include <heed/tensor/create.h>
#include <heed/tensor/detail/operation_scope.h>
#include <heed/tensor/index.h>
#include <heed/tensor/view.h>

#include "core/require.h"
#include "operations/empty_for.h"

namespace heed {
namespace {

/// Shape and dtype must agree with those of the first, except for the size along `axis` (-1: no exception).
void require_joinable(const std::vector<Tensor>& tensors, int64_t axis, std::string_view op) {
  const Tensor& first = tensors[0];
  for (const Tensor& each : tensors) {
    detail::require_same_dtype(first, each, op);
    bool fits = each.rank() == first.rank();
    for (int64_t i = 0; fits && i < first.rank(); ++i) {
      fits = i == axis || each.shape()[i] == first.shape()[i];
    }
    check<ShapeError>(fits, op, "shapes must agree", axis >= 0 ? " off the axis" : "", ", got ", first.shape(), " and ",
                      each.shape());
  }
}

}  // namespace

Tensor cat(const std::vector<Tensor>& tensors, int64_t dim) {
  check<ShapeError>(!tensors.empty(), "cat", "needs at least one tensor, got none");
  detail::require_defined(tensors[0], "cat");
  const int64_t axis = normalize_dim(dim, tensors[0].rank(), "cat");
  require_joinable(tensors, axis, "cat");
  Shape shape = tensors[0].shape();
  shape[axis] = 0;
  for (const Tensor& each : tensors) {
    shape[axis] += each.shape()[axis];
  }
  const Tensor result = detail::empty_for("cat", shape, tensors[0].dtype());
  int64_t start = 0;
  for (const Tensor& each : tensors) {
    Tensor place = narrow(result, axis, start, each.shape()[axis]);
    copy_(place, each);
    start += each.shape()[axis];
  }
  return result;
}

Tensor stack(const std::vector<Tensor>& tensors, int64_t dim) {
  check<ShapeError>(!tensors.empty(), "stack", "needs at least one tensor, got none");
  detail::require_defined(tensors[0], "stack");
  const int64_t axis = normalize_dim(dim, tensors[0].rank() + 1, "stack");
  require_joinable(tensors, -1, "stack");
  Shape shape = tensors[0].shape();
  shape.insert(axis, static_cast<int64_t>(tensors.size()));
  const Tensor result = detail::empty_for("stack", shape, tensors[0].dtype());
  int64_t index = 0;
  for (const Tensor& each : tensors) {
    Tensor place = select(result, axis, index++);
    copy_(place, each);
  }
  return result;
}

std::vector<Tensor> split(const Tensor& x, int64_t size, int64_t dim) {
  const int64_t axis = detail::require_axis(x, dim, "split");
  check(size >= 1, "split", "the size must be at least 1, got ", size);
  std::vector<Tensor> parts;
  int64_t start = 0;
  do {  // of an axis without elements one part, as PyTorch
    parts.push_back(narrow(x, axis, start, std::min(size, x.shape()[axis] - start)));
    start += size;
  } while (start < x.shape()[axis]);
  return parts;
}

std::vector<Tensor> split(const Tensor& x, const std::vector<int64_t>& sizes, int64_t dim) {
  const int64_t axis = detail::require_axis(x, dim, "split");
  std::vector<Tensor> parts;
  int64_t start = 0;
  for (const int64_t size : sizes) {
    check<ShapeError>(size >= 0 && size <= x.shape()[axis] - start, "split", "sizes must add up to ", x.shape()[axis],
                      " along axis ", axis, " of ", x.shape(), ", got ", size, " more after ", start);
    parts.push_back(narrow(x, axis, start, size));
    start += size;
  }
  check<ShapeError>(start == x.shape()[axis], "split", "sizes must add up to ", x.shape()[axis], " along axis ", axis,
                    " of ", x.shape(), ", got ", start);
  return parts;
}

Tensor flip(const Tensor& x, const Dims& dims) {
  const detail::OperationScope operation("flip");
  detail::require_defined(x, "flip");
  Strides strides = x.strides();
  int64_t last = 0;
  for (const int64_t axis : normalize_dims(dims, x.rank(), "flip")) {
    last += (x.shape()[axis] - 1) * strides[axis];
    strides[axis] = -strides[axis];
  }
  return clone(Tensor(x.storage(), x.dtype(), x.shape(), strides, x.offset() + last));
}

Tensor causal_mask(int64_t rows, int64_t columns, int64_t diagonal) {
  Tensor mask = detail::empty_for("causal_mask", {rows, columns}, DType::boolean);
  bool* out = mask.mutable_data<bool>();
  for (int64_t row = 0; row < rows; ++row) {
    for (int64_t column = 0; column < columns; ++column) {
      *out++ = column - row > diagonal;
    }
  }
  return mask;
}

Tensor padding_mask(const Tensor& lengths, int64_t steps) {
  detail::require_dtype(lengths, DType::int64, "padding_mask", "lengths");
  check<ShapeError>(lengths.rank() == 1, "padding_mask", "lengths must have one axis, got ", lengths.shape());
  Tensor mask = detail::empty_for("padding_mask", {lengths.size(0), steps}, DType::boolean);
  bool* out = mask.mutable_data<bool>();
  const int64_t* values = lengths.data<int64_t>();
  for (int64_t row = 0; row < lengths.size(0); ++row) {
    const int64_t length = values[row * lengths.strides()[0]];
    check(length >= 0 && length <= steps, "padding_mask", "lengths must be between 0 and ", steps, ", got ", length,
          " at ", row);
    for (int64_t step = 0; step < steps; ++step) {
      *out++ = step >= length;
    }
  }
  return mask;
}

}  // namespace heed

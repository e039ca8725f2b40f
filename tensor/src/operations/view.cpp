// Views change shape, strides and offset; the storage is shared.
#include <heed/tensor/view.h>

#include <algorithm>

#include <heed/tensor/create.h>
#include <heed/tensor/detail/operation_scope.h>
#include <heed/tensor/error.h>

#include "core/require.h"

namespace heed {
namespace {

Tensor view(const Tensor& x, const Shape& shape, const Strides& strides, int64_t offset) {
  return Tensor(x.storage(), x.dtype(), shape, strides, offset);
}

/// Strides under which `shape` lists x's elements in row-major order, if there are any: walks both shapes from the end,
/// matching groups of x's axes that lie one behind the other with groups of the new axes of the same size.
bool view_strides(const Tensor& x, const Shape& shape, Strides& strides) {
  strides = contiguous_strides(shape);
  if (x.numel() == 0 || x.is_contiguous()) {
    return true;
  }
  int64_t target = shape.rank() - 1;
  for (int64_t i = x.rank() - 1; i >= 0; --i) {
    const int64_t step = x.strides()[i];
    int64_t group = x.shape()[i];
    if (group == 1) {
      continue;
    }
    while (i > 0 && (x.shape()[i - 1] == 1 || x.strides()[i - 1] == step * group)) {
      --i;
      group *= x.shape()[i];
    }
    int64_t covered = 1;
    while (target >= 0 && covered < group) {
      strides[target] = step * covered;
      covered *= shape[target];
      --target;
    }
    if (covered != group) {
      return false;
    }
  }
  return true;
}

}  // namespace

Tensor transpose(const Tensor& x, int64_t dim0, int64_t dim1) {
  const int64_t a = detail::require_axis(x, dim0, "transpose"), b = detail::require_axis(x, dim1, "transpose");
  Shape shape = x.shape();
  Strides strides = x.strides();
  std::swap(shape[a], shape[b]);
  std::swap(strides[a], strides[b]);
  return view(x, shape, strides, x.offset());
}

Tensor permute(const Tensor& x, const Dims& dims) {
  detail::require_defined(x, "permute");
  check<IndexError>(dims.rank() == x.rank(), "permute", "needs each of ", x.rank(), " axes once, got ", dims);
  normalize_dims(dims, x.rank(), "permute");
  Shape shape = x.shape();
  Strides strides = x.strides();
  for (int64_t i = 0; i < x.rank(); ++i) {
    const int64_t from = normalize_dim(dims[i], x.rank(), "permute");
    shape[i] = x.shape()[from];
    strides[i] = x.strides()[from];
  }
  return view(x, shape, strides, x.offset());
}

Tensor slice(const Tensor& x, int64_t dim, int64_t start, int64_t stop, int64_t step) {
  detail::require_defined(x, "slice");
  check(step >= 1, "slice", "the step must be at least 1, got ", step);
  const int64_t axis = normalize_dim(dim, x.rank(), "slice");
  const int64_t size = x.shape()[axis];
  const auto bounded = [size](int64_t i) { return std::clamp<int64_t>(i < 0 ? i + size : i, 0, size); };
  const int64_t first = bounded(start);
  const int64_t last = std::max(first, bounded(stop));
  Shape shape = x.shape();
  Strides strides = x.strides();
  shape[axis] = last == first ? 0 : (last - first - 1) / step + 1;
  if (shape[axis] > 1) {
    strides[axis] *= step;
  }
  return view(x, shape, strides, x.offset() + (shape[axis] > 0 ? first * x.strides()[axis] : 0));
}

Tensor narrow(const Tensor& x, int64_t dim, int64_t start, int64_t length) {
  const int64_t axis = detail::require_axis(x, dim, "narrow");
  check<IndexError>(start >= 0 && length >= 0 && start <= x.shape()[axis] - length, "narrow", length, " elements from ",
                    start, " are not within axis ", axis, " of ", x.shape());
  return slice(x, axis, start, start + length);
}

Tensor select(const Tensor& x, int64_t dim, int64_t index) {
  const int64_t axis = detail::require_axis(x, dim, "select");
  const int64_t size = x.shape()[axis];
  check<IndexError>(index >= -size && index < size, "select", "index ", index, " is out of range for axis ", axis,
                    " of ", x.shape());
  Shape shape = x.shape();
  Strides strides = x.strides();
  shape.erase(axis);
  strides.erase(axis);
  return view(x, shape, strides, x.offset() + (index < 0 ? index + size : index) * x.strides()[axis]);
}

Tensor expand(const Tensor& x, const Shape& shape) {
  detail::require_defined(x, "expand");
  const int64_t added = shape.rank() - x.rank();
  check<ShapeError>(added >= 0, "expand", "cannot broadcast ", x.shape(), " to ", shape);
  Shape result = shape;
  Strides strides = Strides::filled(shape.rank(), 0);
  for (int64_t i = 0; i < shape.rank(); ++i) {
    check<ShapeError>(shape[i] >= (i < added ? 0 : -1), "expand",
                      "sizes must be 0 or more, or -1 where an axis keeps its own, got ", shape, " for ", x.shape());
  }
  for (int64_t i = 0; i < x.rank(); ++i) {
    const int64_t size = x.shape()[i];
    int64_t& wanted = result[added + i];
    wanted = wanted == -1 ? size : wanted;
    check<ShapeError>(size == wanted || size == 1, "expand", "cannot broadcast ", x.shape(), " to ", shape);
    strides[added + i] = size == wanted ? x.strides()[i] : 0;
  }
  return view(x, result, strides, x.offset());
}

Tensor squeeze(const Tensor& x, int64_t dim) {
  const int64_t axis = detail::require_axis(x, dim, "squeeze");
  return x.shape()[axis] == 1 ? select(x, axis, 0) : x;
}

Tensor squeeze(const Tensor& x) {
  detail::require_defined(x, "squeeze");
  Tensor result = x;
  for (int64_t i = x.rank() - 1; i >= 0; --i) {
    result = squeeze(result, i);
  }
  return result;
}

Tensor unsqueeze(const Tensor& x, int64_t dim) {
  detail::require_defined(x, "unsqueeze");
  const int64_t axis = normalize_dim(dim, x.rank() + 1, "unsqueeze");
  Shape shape = x.shape();
  Strides strides = x.strides();
  const int64_t stride = axis < x.rank() ? shape[axis] * strides[axis] : 1;
  shape.insert(axis, 1);
  strides.insert(axis, stride);
  return view(x, shape, strides, x.offset());
}

namespace {

/// `shape` with a -1 replaced by what makes it hold `numel` elements.
Shape infer_shape(const Shape& shape, int64_t numel) {
  Shape result = shape;
  int64_t* unknown = std::find(result.begin(), result.end(), -1);
  for (int64_t* size = result.begin(); size != result.end(); ++size) {
    check<ShapeError>(*size >= 0 || size == unknown, "reshape", "sizes must not be negative, but for one -1, got ",
                      shape);
  }
  if (unknown != result.end()) {
    *unknown = 1;
    const int64_t known = result.numel();
    check<ShapeError>(known > 0 && numel % known == 0, "reshape", "cannot make ", shape, " of ", numel, " elements");
    *unknown = numel / known;
  }
  check<ShapeError>(result.numel() == numel, "reshape", "cannot make ", shape, " of ", numel, " elements");
  return result;
}

}  // namespace

bool can_view(const Tensor& x, const Shape& shape) {
  detail::require_defined(x, "can_view");
  Strides strides;
  return view_strides(x, infer_shape(shape, x.numel()), strides);
}

Tensor reshape(const Tensor& x, const Shape& shape) {
  const detail::OperationScope operation("reshape");
  detail::require_defined(x, "reshape");
  const Shape result = infer_shape(shape, x.numel());
  Strides strides;
  if (view_strides(x, result, strides)) {
    return view(x, result, strides, x.offset());
  }
  return view(clone(x), result, contiguous_strides(result), 0);
}

Tensor flatten(const Tensor& x, int64_t start_dim, int64_t end_dim) {
  const detail::OperationScope operation("flatten");
  detail::require_defined(x, "flatten");
  if (x.rank() == 0) {
    return reshape(x, {1});
  }
  const int64_t first = normalize_dim(start_dim, x.rank(), "flatten");
  const int64_t last = normalize_dim(end_dim, x.rank(), "flatten");
  check<IndexError>(first <= last, "flatten", "axes must be in order, got ", start_dim, " and ", end_dim);
  Shape shape = x.shape();
  for (int64_t i = first; i < last; ++i) {
    shape[first] *= shape[first + 1];
    shape.erase(first + 1);
  }
  return reshape(x, shape);
}

}  // namespace heed

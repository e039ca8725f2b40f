// Where the largest and the smallest elements stand.
#include <heed/tensor/create.h>
#include <heed/tensor/reduce.h>
#include <heed/tensor/view.h>

#include "core/dispatch.h"
#include "core/require.h"
#include "operations/index_of_extreme.h"
#include "operations/loops.h"

namespace heed {
namespace {

template <class T>
int64_t first_extreme(const T* x, int64_t stride, int64_t n, bool largest) {
  int64_t best = 0;
  for (int64_t i = 0; i < n; ++i) {
    const T value = x[i * stride], champion = x[best * stride];
    if (value != value) {
      return i;
    }
    best = (largest ? value > champion : value < champion) ? i : best;
  }
  return best;
}

}  // namespace

Tensor detail::index_of_extreme(const Tensor& x, int64_t dim, bool largest, const char* op) {
  const int64_t axis = require_axis(x, dim, op);
  const int64_t size = x.shape()[axis];
  Shape shape = x.shape();
  shape[axis] = 1;
  check<ShapeError>(size > 0 || shape.numel() == 0, op, "the axis must not be empty, got ", x.shape(), " along axis ",
                    axis);
  Tensor result = empty(shape, DType::int64);
  int64_t* out = result.mutable_data<int64_t>();
  dispatch_number(x.dtype(), op, [&]<class T>() {
    const T* in = x.data<T>();
    const int64_t stride = x.strides()[axis];
    for_each_line<2>(x.shape(), axis, {result.strides(), x.strides()}, kCheapGrain,
                     [&](const auto& at) { out[at[0]] = first_extreme(in + at[1], stride, size, largest); });
  });
  return result;
}

Tensor argmax(const Tensor& x, int64_t dim, bool keepdim) {
  const Tensor index = detail::index_of_extreme(x, dim, true, "argmax");
  return keepdim ? index : squeeze(index, dim);
}

Tensor argmin(const Tensor& x, int64_t dim, bool keepdim) {
  const Tensor index = detail::index_of_extreme(x, dim, false, "argmin");
  return keepdim ? index : squeeze(index, dim);
}

Tensor argmax(const Tensor& x) {
  detail::require_defined(x, "argmax");
  return argmax(reshape(x, {-1}), 0);
}

Tensor argmin(const Tensor& x) {
  detail::require_defined(x, "argmin");
  return argmin(reshape(x, {-1}), 0);
}

}  // namespace heed

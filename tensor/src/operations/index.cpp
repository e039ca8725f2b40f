// Selects elements and slices by index, and the adjoints, which add them back.
#include <heed/tensor/index.h>

#include <algorithm>

#include <heed/tensor/create.h>
#include <heed/tensor/detail/index.h>
#include <heed/tensor/detail/operation_scope.h>

#include "core/dispatch.h"
#include "core/require.h"
#include "kernels/elementwise.h"
#include "operations/empty_for.h"
#include "operations/loops.h"

namespace heed {
namespace detail {

void require_indices(const Tensor& index, int64_t size, std::string_view op) {
  require_dtype(index, DType::int64, op, "the index");
  const int64_t* values = index.data<int64_t>();
  const Loop<1> loop(index.shape(), {index.strides()});
  int64_t position = 0;
  loop.run(0, loop.numel(), [&](const Loop<1>::Offsets& at, int64_t n) {
    for (int64_t i = 0; i < n; ++i, ++position) {
      const int64_t value = values[at[0] + i * loop.stride(0)];
      if (value < 0 || value >= size) [[unlikely]] {
        Shape place = index.shape();
        int64_t rest = position;
        for (int64_t axis = place.rank() - 1; axis >= 0; --axis) {
          place[axis] = rest % index.shape()[axis];
          rest /= index.shape()[axis];
        }
        fail<IndexError>(op, "index ", value, " at ", place, " is out of range for size ", size);
      }
    }
  });
}

}  // namespace detail

namespace {

using detail::Loop;
using detail::require_indices;

/// Checks an index of gather or scatter_add for x; returns the axis.
int64_t require_gather(const Tensor& x, int64_t dim, const Tensor& index, std::string_view op) {
  detail::require_defined(index, op);
  const int64_t axis = detail::require_axis(x, dim, op);
  bool fits = index.rank() == x.rank();
  for (int64_t i = 0; fits && i < x.rank(); ++i) {
    fits = i == axis || index.shape()[i] <= x.shape()[i];
  }
  check<ShapeError>(fits, op, "the index must have the rank of ", x.shape(), " and no larger sizes off axis ", axis,
                    ", got ", index.shape());
  require_indices(index, x.shape()[axis], op);
  return axis;
}

/// Strides of x with that of `axis` taken out: the index takes its place.
Strides without(const Tensor& x, int64_t axis) {
  Strides strides = x.strides();
  strides[axis] = 0;
  return strides;
}

/// Checks an index of index_select or index_add for x; returns the axis.
int64_t require_slices(const Tensor& x, int64_t dim, const Tensor& index, std::string_view op) {
  detail::require_defined(index, op);
  const int64_t axis = detail::require_axis(x, dim, op);
  check<ShapeError>(index.rank() == 1, op, "the index must have one axis, got ", index.shape());
  require_indices(index, x.shape()[axis], op);
  return axis;
}

/// The shape of one slice across `axis`.
Shape slice_shape(const Tensor& x, int64_t axis) {
  Shape shape = x.shape();
  shape[axis] = 1;
  return shape;
}

template <class T>
void copy_row(const T* from, int64_t from_stride, T* to, int64_t to_stride, int64_t n) {
  if (from_stride == 1 && to_stride == 1) {
    std::copy_n(from, n, to);
    return;
  }
  for (int64_t i = 0; i < n; ++i) {
    to[i * to_stride] = from[i * from_stride];
  }
}

/// int64 wraps around.
template <class T>
T plus(T a, T b) {
  if constexpr (std::is_same_v<T, int64_t>) {
    return static_cast<int64_t>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
  } else {
    return a + b;
  }
}

template <class T>
void add_row(const T* from, int64_t from_stride, T* to, int64_t to_stride, int64_t n) {
  if constexpr (std::is_floating_point_v<T>) {
    if (from_stride == 1 && to_stride == 1) {
      kernels::elementwise().axpy.template get<T>()(T{1}, from, to, n);
      return;
    }
  }
  for (int64_t i = 0; i < n; ++i) {
    to[i * to_stride] = plus(to[i * to_stride], from[i * from_stride]);
  }
}

}  // namespace

Tensor gather(const Tensor& x, int64_t dim, const Tensor& index) {
  const int64_t axis = require_gather(x, dim, index, "gather");
  Tensor result = detail::empty_for("gather", index.shape(), x.dtype());
  detail::dispatch_all(x.dtype(), [&]<class T>() {
    T* out = result.mutable_data<T>();
    const T* in = x.data<T>();
    const int64_t* picks = index.data<int64_t>();
    const int64_t step = x.strides()[axis];
    const Loop<3> loop(index.shape(), {result.strides(), index.strides(), without(x, axis)});
    detail::for_each_row(loop, detail::kCheapGrain, [&](const Loop<3>::Offsets& at, int64_t n) {
      for (int64_t i = 0; i < n; ++i) {
        out[at[0] + i] = in[at[2] + i * loop.stride(2) + picks[at[1] + i * loop.stride(1)] * step];
      }
    });
  });
  return result;
}

Tensor scatter_add(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& source) {
  const detail::OperationScope operation("scatter_add");
  const int64_t axis = require_gather(x, dim, index, "scatter_add");
  detail::require_same_dtype(x, source, "scatter_add");
  detail::require_shape(source, index.shape(), "scatter_add", "the source");
  Tensor result = clone(x);
  detail::dispatch_number(x.dtype(), "scatter_add", [&]<class T>() {
    T* out = result.mutable_data<T>();
    const T* values = source.data<T>();
    const int64_t* picks = index.data<int64_t>();
    const int64_t out_step = result.strides()[axis];
    const int64_t value_step = source.strides()[axis], pick_step = index.strides()[axis];
    // Indices may repeat within a line, but not across lines: a thread takes whole lines, in order.
    detail::for_each_line<3>(index.shape(), axis, {result.strides(), source.strides(), index.strides()},
                             detail::kCheapGrain, [&](const Loop<3>::Offsets& at) {
                               for (int64_t i = 0; i < index.shape()[axis]; ++i) {
                                 T& place = out[at[0] + picks[at[2] + i * pick_step] * out_step];
                                 place = plus(place, values[at[1] + i * value_step]);
                               }
                             });
  });
  return result;
}

Tensor index_select(const Tensor& x, int64_t dim, const Tensor& index) {
  const int64_t axis = require_slices(x, dim, index, "index_select");
  Shape shape = x.shape();
  shape[axis] = index.numel();
  Tensor result = detail::empty_for("index_select", shape, x.dtype());
  detail::dispatch_all(x.dtype(), [&]<class T>() {
    T* out = result.mutable_data<T>();
    const T* in = x.data<T>();
    const int64_t* picks = index.data<int64_t>();
    const Loop<2> slice(slice_shape(x, axis), {result.strides(), x.strides()});
    const int64_t grain = detail::kCheapGrain / std::max<int64_t>(slice.numel(), 1) + 1;
    parallel_for(0, index.numel(), grain, [&](int64_t begin, int64_t end) {
      for (int64_t j = begin; j < end; ++j) {
        const T* from = in + picks[j * index.strides()[0]] * x.strides()[axis];
        T* to = out + j * result.strides()[axis];
        slice.run(0, slice.numel(), [&](const Loop<2>::Offsets& at, int64_t n) {
          copy_row(from + at[1], slice.stride(1), to + at[0], slice.stride(0), n);
        });
      }
    });
  });
  return result;
}

Tensor index_add(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& source) {
  const detail::OperationScope operation("index_add");
  const int64_t axis = require_slices(x, dim, index, "index_add");
  detail::require_same_dtype(x, source, "index_add");
  Shape wanted = x.shape();
  wanted[axis] = index.numel();
  detail::require_shape(source, wanted, "index_add", "the source");
  Tensor result = clone(x);
  detail::dispatch_number(x.dtype(), "index_add", [&]<class T>() {
    T* out = result.mutable_data<T>();
    const T* values = source.data<T>();
    const int64_t* picks = index.data<int64_t>();
    const Loop<2> slice(slice_shape(x, axis), {result.strides(), source.strides()});
    const int64_t grain = detail::kCheapGrain / std::max<int64_t>(index.numel(), 1) + 1;
    // Slices may repeat, places within a slice may not: a thread takes some places of all slices, in order.
    parallel_for(0, slice.numel(), grain, [&](int64_t begin, int64_t end) {
      for (int64_t j = 0; j < index.numel(); ++j) {
        T* to = out + picks[j * index.strides()[0]] * result.strides()[axis];
        const T* from = values + j * source.strides()[axis];
        slice.run(begin, end, [&](const Loop<2>::Offsets& at, int64_t n) {
          add_row(from + at[1], slice.stride(1), to + at[0], slice.stride(0), n);
        });
      }
    });
  });
  return result;
}

Tensor embedding(const Tensor& weight, const Tensor& ids) {
  const detail::OperationScope operation("embedding");
  detail::require_defined(weight, "embedding");
  check<ShapeError>(weight.rank() == 2, "embedding", "the weight must be (V, E), got ", weight.shape());
  require_indices(ids, weight.size(0), "embedding");
  const int64_t width = weight.size(1);
  Shape shape = ids.shape();
  shape.push_back(width);
  Tensor result = detail::empty_for("embedding", shape, weight.dtype());
  const Tensor rows = contiguous(ids);
  detail::dispatch_number(weight.dtype(), "embedding", [&]<class T>() {
    T* out = result.mutable_data<T>();
    const T* in = weight.data<T>();
    const int64_t* picks = rows.data<int64_t>();
    parallel_for(0, rows.numel(), detail::kCheapGrain / std::max<int64_t>(width, 1) + 1,
                 [&](int64_t begin, int64_t end) {
                   for (int64_t j = begin; j < end; ++j) {
                     copy_row(in + picks[j] * weight.strides()[0], weight.strides()[1], out + j * width, 1, width);
                   }
                 });
  });
  return result;
}

}  // namespace heed

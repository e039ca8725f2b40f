// Makes, fills, copies and converts tensors.
#include <heed/tensor/create.h>
#include <heed/tensor/detail/operation_scope.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include <heed/tensor/error.h>
#include <heed/tensor/view.h>

#include "core/dispatch.h"
#include "core/memory_request.h"
#include "core/require.h"
#include "core/writing.h"
#include "operations/convert_scalar.h"
#include "operations/empty_for.h"
#include "operations/strided_copy.h"

namespace heed {

Tensor detail::empty_for(std::string_view op, const Shape& shape, DType dtype) {
  for (const int64_t size : shape) {
    check<ShapeError>(size >= 0, op, "sizes must not be negative, got ", shape);
  }
  const int64_t count = shape.numel();
  check<ShapeError>(count <= (int64_t{1} << 46) / size_of(dtype), op, "too many elements in ", shape);
  const int64_t bytes = count * size_of(dtype);
  const MemoryRequest request{op, dtype, shape};
  return Tensor(Storage(allocate_block(bytes, &request)), dtype, shape, contiguous_strides(shape), 0);
}

namespace {

void fill(Tensor& x, Scalar value, std::string_view op) {
  detail::dispatch_all(x.dtype(), [&]<class T>() {
    const T converted = detail::convert_fill<T>(value, op);
    T* out = x.mutable_data<T>();
    if (x.is_contiguous()) {
      std::fill_n(out, x.numel(), converted);
      return;
    }
    Tensor one(Storage::allocate(sizeof(T)), x.dtype(), {}, {}, 0);
    *one.mutable_data<T>() = converted;
    detail::strided_copy(x, expand(one, x.shape()));
  });
}

Tensor filled(const Shape& shape, Scalar value, DType dtype, std::string_view op) {
  Tensor x = detail::empty_for(op, shape, dtype);
  fill(x, value, op);
  return x;
}

}  // namespace

Tensor empty(const Shape& shape, DType dtype) { return detail::empty_for("empty", shape, dtype); }
Tensor full(const Shape& shape, Scalar value, DType dtype) { return filled(shape, value, dtype, "full"); }
Tensor zeros(const Shape& shape, DType dtype) { return filled(shape, 0, dtype, "zeros"); }
Tensor ones(const Shape& shape, DType dtype) { return filled(shape, 1, dtype, "ones"); }
Tensor empty_like(const Tensor& x) {
  detail::require_defined(x, "empty_like");
  return detail::empty_for("empty_like", x.shape(), x.dtype());
}

Tensor zeros_like(const Tensor& x) {
  detail::require_defined(x, "zeros_like");
  return filled(x.shape(), 0, x.dtype(), "zeros_like");
}

Tensor ones_like(const Tensor& x) {
  detail::require_defined(x, "ones_like");
  return filled(x.shape(), 1, x.dtype(), "ones_like");
}

Tensor full_like(const Tensor& x, Scalar value) {
  detail::require_defined(x, "full_like");
  return filled(x.shape(), value, x.dtype(), "full_like");
}

Tensor scalar(Scalar value, DType dtype) { return filled({}, value, dtype, "scalar"); }

namespace {

/// begin + step i for i below the count that reaches `end`, in integers.
Tensor count_exactly(int64_t begin, int64_t end, int64_t step, DType dtype) {
  check(step != 0, "arange", "the step must not be 0");
  // Unsigned, since a span can be larger than int64; the elements themselves lie between begin and end.
  const auto first = static_cast<uint64_t>(begin), last = static_cast<uint64_t>(end), by = static_cast<uint64_t>(step);
  const bool any = step > 0 ? begin < end : begin > end;
  const uint64_t span = step > 0 ? last - first : first - last;
  const uint64_t count = any ? (span - 1) / (step > 0 ? by : 0 - by) + 1 : 0;
  check<ShapeError>(count < uint64_t{1} << 46, "arange", "too many elements: ", count);
  Tensor x = detail::empty_for("arange", {static_cast<int64_t>(count)}, dtype);
  detail::dispatch_number(dtype, "arange", [&]<class T>() {
    T* out = x.mutable_data<T>();
    for (uint64_t i = 0; i < count; ++i) {
      out[i] = static_cast<T>(static_cast<int64_t>(first + by * i));
    }
  });
  return x;
}

Tensor count_floating(double begin, double end, double step, DType dtype) {
  check(std::isfinite(begin) && std::isfinite(end), "arange", "bounds must be finite, got ", begin, " and ", end);
  check(std::isfinite(step) && step != 0, "arange", "the step must be finite and not 0, got ", step);
  const double wanted = std::max(0.0, std::ceil((end - begin) / step));
  check<ShapeError>(wanted < 0x1p46, "arange", "too many elements: ", wanted);
  Tensor x = detail::empty_for("arange", {static_cast<int64_t>(wanted)}, dtype);
  detail::dispatch_floating(dtype, "arange", [&]<class T>() {
    T* out = x.mutable_data<T>();
    for (int64_t i = 0; i < x.numel(); ++i) {
      out[i] = static_cast<T>(begin + step * static_cast<double>(i));
    }
  });
  return x;
}

}  // namespace

Tensor arange(Scalar begin, Scalar end, Scalar step, DType dtype) {
  if (dtype == DType::int64 || (begin.is_whole() && end.is_whole() && step.is_whole())) {
    const auto whole = [](Scalar x) { return detail::convert_fill<int64_t>(x, "arange"); };
    return count_exactly(whole(begin), whole(end), whole(step), dtype);
  }
  const auto number = [](Scalar x) { return x.to<double>("arange"); };
  return count_floating(number(begin), number(end), number(step), dtype);
}

Tensor arange(Scalar end) {
  const auto count = detail::convert_fill<int64_t>(end, "arange");
  check(count >= 0, "arange", "the end must not be negative, got ", count);
  return count_exactly(0, count, 1, DType::int64);
}

Tensor linspace(Scalar begin, Scalar end, int64_t steps, DType dtype) {
  const auto first = begin.to<double>("linspace"), last = end.to<double>("linspace");
  check(std::isfinite(first) && std::isfinite(last), "linspace", "bounds must be finite, got ", begin, " and ", end);
  check(steps >= 0, "linspace", "the number of steps must not be negative, got ", steps);
  Tensor x = detail::empty_for("linspace", {steps}, dtype);
  const double gaps = static_cast<double>(std::max<int64_t>(1, steps - 1));
  detail::dispatch_floating(dtype, "linspace", [&]<class T>() {
    T* out = x.mutable_data<T>();
    for (int64_t i = 0; i < steps; ++i) {
      // Weighted from both ends, so that both are met exactly and no difference overflows.
      const double share = static_cast<double>(i) / gaps;
      out[i] = static_cast<T>(first * (1 - share) + last * share);
    }
  });
  return x;
}

Tensor eye(int64_t n, DType dtype) {
  Tensor x = filled({n, n}, 0, dtype, "eye");
  Tensor diagonal(x.storage(), dtype, {n}, {n + 1}, 0);
  fill_(diagonal, 1);
  return x;
}

template <class T>
Tensor from_vector(const std::vector<T>& values, const Shape& shape) {
  check<ShapeError>(shape.numel() == static_cast<int64_t>(values.size()), "from_vector", "shape ", shape, " needs ",
                    shape.numel(), " values, got ", values.size());
  Tensor x = detail::empty_for("from_vector", shape, dtype_of<T>);
  std::copy(values.begin(), values.end(), x.mutable_data<T>());
  return x;
}
template Tensor from_vector<float>(const std::vector<float>&, const Shape&);
template Tensor from_vector<double>(const std::vector<double>&, const Shape&);
template Tensor from_vector<int64_t>(const std::vector<int64_t>&, const Shape&);
template Tensor from_vector<bool>(const std::vector<bool>&, const Shape&);

namespace {

/// Writes the numbers, converted, from `out` on; returns what follows the last.
template <class T>
T* write_numbers(std::initializer_list<Scalar> values, T* out) {
  return std::transform(values.begin(), values.end(), out,
                        [](Scalar value) { return detail::convert_fill<T>(value, "tensor"); });
}

}  // namespace

Tensor tensor(std::initializer_list<Scalar> values, DType dtype) {
  Tensor x = detail::empty_for("tensor", {static_cast<int64_t>(values.size())}, dtype);
  detail::dispatch_all(dtype, [&]<class T>() { write_numbers(values, x.mutable_data<T>()); });
  return x;
}

Tensor tensor(std::initializer_list<std::initializer_list<Scalar>> rows, DType dtype) {
  Tensor x = detail::empty_for("tensor", detail::shape_of_rows(rows), dtype);
  detail::dispatch_all(dtype, [&]<class T>() {
    T* out = x.mutable_data<T>();
    for (const std::initializer_list<Scalar>& row : rows) {
      out = write_numbers(row, out);
    }
  });
  return x;
}

Tensor contiguous(const Tensor& x) {
  const detail::OperationScope operation("contiguous");
  detail::require_defined(x, "contiguous");
  return x.is_contiguous() ? x : clone(x);
}

Tensor clone(const Tensor& x) {
  detail::require_defined(x, "clone");
  Tensor copy = detail::empty_for("clone", x.shape(), x.dtype());
  detail::strided_copy(copy, x);
  return copy;
}

Tensor to(const Tensor& x, DType dtype) {
  detail::require_defined(x, "to");
  if (x.dtype() == dtype) {
    return x;
  }
  Tensor converted = detail::empty_for("to", x.shape(), dtype);
  detail::strided_copy(converted, x);
  return converted;
}

void fill_(Tensor& x, Scalar value) {
  detail::require_defined(x, "fill_");
  require_writable(x, "fill_");
  fill(x, value, "fill_");
}

void copy_(Tensor& x, const Tensor& source) {
  detail::require_same_dtype(x, source, "copy_");
  require_writable(x, "copy_");
  check<ShapeError>(source.shape() == x.shape() || broadcast_shapes(source.shape(), x.shape(), "copy_") == x.shape(),
                    "copy_", "the source must broadcast to ", x.shape(), ", got ", source.shape());
  Tensor copy;
  detail::strided_copy(x, expand(detail::readable(source, x, detail::Reads::same_index, copy), x.shape()));
}

}  // namespace heed

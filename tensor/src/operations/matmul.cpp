// Matrix products: from tensors to batches of strided matrices.
#include <heed/tensor/matmul.h>

#include <heed/tensor/create.h>
#include <heed/tensor/detail/operation_scope.h>
#include <heed/tensor/view.h>

#include "core/dispatch.h"
#include "core/require.h"
#include "core/writing.h"
#include "operations/empty_for.h"
#include "operations/product.h"

namespace heed {
namespace {

/// The sizes of all axes before the last two.
Shape leading_sizes(const Tensor& x) { return Shape(std::span(x.shape().begin(), static_cast<size_t>(x.rank() - 2))); }

/// What they broadcast to. Refuses with the whole shapes, which say more than the leading sizes alone.
Shape broadcast_leading_sizes(const Tensor& a, const Tensor& b, std::string_view op) {
  for (int64_t axis = 3; axis <= std::min(a.rank(), b.rank()); ++axis) {
    const int64_t left = a.size(-axis), right = b.size(-axis);
    check<ShapeError>(left == right || left == 1 || right == 1, op, "leading sizes must broadcast, got ", a.shape(),
                      " and ", b.shape());
  }
  return broadcast_shapes(leading_sizes(a), leading_sizes(b), op);
}

/// The strides of those axes for `batch`, to which they broadcast.
Strides leading_strides(const Tensor& x, const Shape& batch) {
  Strides strides = Strides::filled(batch.rank(), 0);
  const int64_t added = batch.rank() - (x.rank() - 2);
  for (int64_t i = 0; i + 2 < x.rank(); ++i) {
    strides[added + i] = x.shape()[i] == 1 ? 0 : x.strides()[i];
  }
  return strides;
}

/// (…, M, K) × (…, K, N) into `out` (…, M, N), row-major, whose leading axes are those that a and b broadcast to.
template <class T>
void multiply(Tensor& out, const Tensor& a, const Tensor& b, const Tensor& bias) {
  const int64_t rank = out.rank();
  kernels::GemmProblem<T> matrix{
      .m = a.size(-2),
      .n = b.size(-1),
      .k = a.size(-1),
      .a = a.data<T>(),
      .a_row_stride = a.strides()[a.rank() - 2],
      .a_column_stride = a.strides().back(),
      .b = b.data<T>(),
      .b_row_stride = b.strides()[b.rank() - 2],
      .b_column_stride = b.strides().back(),
      .c = out.mutable_data<T>(),
      .c_row_stride = b.size(-1),
  };
  Shape batch = leading_sizes(out);
  Strides a_strides = leading_strides(a, batch);
  Strides b_strides = leading_strides(b, batch);
  // An axis along which b repeats and the rows of a go on at the same distance is more rows of one product.
  for (int64_t axis = rank - 3; axis >= 0 && b_strides[axis] == 0; --axis) {
    const int64_t size = batch[axis];
    if (size != 1 && matrix.m != 1 && a_strides[axis] != matrix.m * matrix.a_row_stride) {
      break;
    }
    matrix.a_row_stride = matrix.m == 1 && size != 1 ? a_strides[axis] : matrix.a_row_stride;
    matrix.m *= size;
    batch.erase(axis);
    a_strides.erase(axis);
    b_strides.erase(axis);
  }
  Strides c_strides = contiguous_strides(batch);
  for (int64_t& stride : c_strides) {
    stride *= matrix.m * matrix.n;
  }
  matrix.bias = bias.defined() ? bias.data<T>() : nullptr;
  detail::run_products(detail::BatchedProduct<T>{matrix, detail::Loop<3>(batch, {c_strides, a_strides, b_strides})});
}

Tensor product(const Tensor& a, const Tensor& b, const Tensor& bias, std::string_view op) {
  return detail::dispatch_floating(a.dtype(), op, [&]<class T>() {
    Shape shape = broadcast_leading_sizes(a, b, op);
    shape.push_back(a.size(-2));
    shape.push_back(b.size(-1));
    Tensor out = detail::empty_for(op, shape, a.dtype());
    multiply<T>(out, a, b, bias);
    return out;
  });
}

}  // namespace

Tensor matmul(const Tensor& a, const Tensor& b) {
  const detail::OperationScope operation("matmul");
  detail::require_same_dtype(a, b, "matmul");
  check<ShapeError>(a.rank() > 0 && b.rank() > 0, "matmul", "operands need at least one axis, got ", a.shape(), " and ",
                    b.shape());
  const Tensor left = a.rank() == 1 ? unsqueeze(a, 0) : a;
  const Tensor right = b.rank() == 1 ? unsqueeze(b, 1) : b;
  check<ShapeError>(left.size(-1) == right.size(-2), "matmul", "inner sizes must match, got ", a.shape(), " and ",
                    b.shape());
  Tensor out = product(left, right, Tensor(), "matmul");
  if (b.rank() == 1) {
    out = squeeze(out, -1);
  }
  return a.rank() == 1 ? squeeze(out, b.rank() == 1 ? -1 : -2) : out;
}

Tensor linear(const Tensor& x, const Tensor& weight, const Tensor& bias) {
  const detail::OperationScope operation("linear");
  detail::require_same_dtype(x, weight, "linear");
  check<ShapeError>(weight.rank() == 2, "linear", "the weight must be (outputs, inputs), got ", weight.shape());
  check<ShapeError>(x.rank() > 0 && x.size(-1) == weight.size(1), "linear", "the input must be (…, ", weight.size(1),
                    ") for a weight ", weight.shape(), ", got ", x.shape());
  if (bias.defined()) {
    detail::require_same_dtype(x, bias, "linear");
    detail::require_shape(bias, {weight.size(0)}, "linear", "the bias");
  }
  const Tensor offset = bias.defined() ? contiguous(bias) : bias;
  const Tensor out = product(x.rank() == 1 ? unsqueeze(x, 0) : x, transpose(weight, 0, 1), offset, "linear");
  return x.rank() == 1 ? squeeze(out, 0) : out;
}

void matmul_into(Tensor& out, const Tensor& a, const Tensor& b, bool accumulate) {
  detail::require_same_dtype(a, b, "matmul_into");
  detail::require_same_dtype(out, a, "matmul_into");
  check<ShapeError>(out.rank() == 2 && a.rank() == 2 && b.rank() == 2 && a.size(1) == b.size(0) &&
                        out.size(0) == a.size(0) && out.size(1) == b.size(1),
                    "matmul_into", "needs (M, K) and (K, N) for (M, N), got ", a.shape(), " and ", b.shape(), " for ",
                    out.shape());
  check(out.size(1) <= 1 || out.strides()[1] == 1, "matmul_into", "rows of the result must have unit stride, got ",
        out.strides());
  require_writable(out, "matmul_into");
  Tensor copy_of_a, copy_of_b;
  const Tensor& left = detail::readable(a, out, detail::Reads::any, copy_of_a);
  const Tensor& right = detail::readable(b, out, detail::Reads::any, copy_of_b);
  detail::dispatch_floating(a.dtype(), "matmul_into", [&]<class T>() {
    detail::run_product(kernels::GemmProblem<T>{
        .m = a.size(0),
        .n = b.size(1),
        .k = a.size(1),
        .a = left.data<T>(),
        .a_row_stride = left.strides()[0],
        .a_column_stride = left.strides()[1],
        .b = right.data<T>(),
        .b_row_stride = right.strides()[0],
        .b_column_stride = right.strides()[1],
        .c = out.mutable_data<T>(),
        .c_row_stride = out.strides()[0],
        .accumulate = accumulate,
    });
  });
}

}  // namespace heed

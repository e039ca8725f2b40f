// Matrix products: dA = G Bᵀ, dB = Aᵀ G, with transposed views instead of copies.
#include <heed/autograd/matmul.h>

#include <heed/autograd/node.h>
#include <heed/autograd/reduce.h>
#include <heed/autograd/view.h>

#include "operand.h"

namespace heed {
namespace {

Variable transposed(const Variable& x) { return transpose(x, -2, -1); }

/// (…, N) as (rows, N).
Variable as_rows(const Variable& x) {
  if (x.rank() == 2) {
    return x;
  }
  int64_t rows = 1;
  for (int64_t i = 0; i + 1 < x.rank(); ++i) {
    rows *= x.shape()[i];
  }
  return reshape(x, {rows, x.shape().back()});
}

/// A rank-1 operand on the left is a row, on the right a column.
Variable as_matrix(const Variable& x, int64_t dim) { return x.rank() == 1 ? unsqueeze(x, dim) : x; }

/// Aᵀ G for a `right` of that shape: with one right operand for all rows, one product over all of them.
Variable gradient_of_right(const Variable& left, const Variable& grad, const Shape& shape) {
  if (shape.rank() == 2) {
    return matmul(transposed(as_rows(left)), as_rows(grad));
  }
  return sum_to(matmul(transposed(left), grad), shape);
}

}  // namespace

Variable matmul(const Variable& a, const Variable& b) {
  const int64_t left_rank = a.rank(), right_rank = b.rank();
  return make_variable("matmul", matmul(a.value(), b.value()), {a, b},
                       [left_rank, right_rank, left = detail::saved_if(b.requires_grad(), a),
                        right = detail::saved_if(a.requires_grad(), b)](const BackwardContext& context) -> Gradients {
                         Variable grad = context.grad();
                         grad = right_rank == 1 ? unsqueeze(grad, -1) : grad;
                         grad = left_rank == 1 ? unsqueeze(grad, -2) : grad;
                         Gradients result(2);
                         if (context.needs(0)) {
                           const Shape& shape = context.input_shape(0);
                           const Variable other = as_matrix(right.unpack(context), 1);
                           const Shape matrix = left_rank == 1 ? Shape{1, shape[0]} : shape;
                           result[0] = reshape(sum_to(matmul(grad, transposed(other)), matrix), shape);
                         }
                         if (context.needs(1)) {
                           const Shape& shape = context.input_shape(1);
                           const Variable other = as_matrix(left.unpack(context), 0);
                           const Shape matrix = right_rank == 1 ? Shape{shape[0], 1} : shape;
                           result[1] = reshape(gradient_of_right(other, grad, matrix), shape);
                         }
                         return result;
                       });
}

Variable linear(const Variable& x, const Variable& weight, const Variable& bias) {
  const Tensor offset = bias.defined() ? bias.value() : Tensor();
  return make_variable(
      "linear", linear(x.value(), weight.value(), offset), {x, weight, bias},
      [in = detail::saved_if(weight.requires_grad(), x),
       matrix = detail::saved_if(x.requires_grad(), weight)](const BackwardContext& context) -> Gradients {
        const Variable grad = context.grad();
        Gradients result(3);
        if (context.needs(0)) {
          result[0] = matmul(grad, matrix.unpack(context));
        }
        if (context.needs(1)) {
          result[1] = matmul(transposed(as_rows(grad)), as_rows(in.unpack(context)));
        }
        if (context.needs(2)) {
          result[2] = sum_to(grad, context.input_shape(2));
        }
        return result;
      });
}

}  // namespace heed

// A linear map of rows that are looked up in a table.
#include <heed/autograd/elementwise.h>
#include <heed/autograd/index.h>
#include <heed/autograd/matmul.h>
#include <heed/autograd/node.h>
#include <heed/autograd/reduce.h>
#include <heed/autograd/view.h>
#include <heed/tensor/create.h>
#include <heed/tensor/detail/operation_scope.h>
#include <heed/tensor/error.h>

#include "require.h"

namespace heed {
namespace {

/// `rows` with zeros for those whose gradient is 0: they may be NaN, and 0 · NaN would be NaN.
Variable used_rows(const Variable& rows, const Tensor& gradients) {
  return all_finite(rows.value()) ? rows : masked_fill(rows, all(eq(gradients, 0), {1}, true), 0);
}

Gradients backward_of(const BackwardContext& context, const Variable& table, const Tensor& ids,
                      const Variable& weight) {
  const Tensor uses = reshape(ids, {ids.numel()});
  const int64_t rows = table.size(0);
  const bool each_row_once = rows < ids.numel();
  // A row of gradients for each row of the table, or for each use of one.
  Variable grad = reshape(context.grad(), {ids.numel(), weight.size(0)});
  if (each_row_once) {
    grad = index_add(zeros({rows, weight.size(0)}, grad.dtype()), 0, uses, grad);
  }
  Gradients result(3);
  if (context.needs(0)) {
    const Variable of_rows = matmul(grad, weight);
    result[0] = each_row_once ? of_rows : index_add(zeros(table.shape(), table.dtype()), 0, uses, of_rows);
  }
  if (context.needs(1)) {
    result[1] = matmul(transpose(grad, 0, 1), used_rows(each_row_once ? table : embedding(table, uses), grad.value()));
  }
  if (context.needs(2)) {
    result[2] = sum(grad, {0});
  }
  return result;
}

}  // namespace

Variable embedding_linear(const Variable& table, const Tensor& ids, const Variable& weight, const Variable& bias) {
  const detail::OperationScope operation("embedding_linear");
  detail::require_floating_alike({&table, &weight, bias.defined() ? &bias : &table}, "embedding_linear");
  check<ShapeError>(table.rank() == 2, "embedding_linear", "the table must be (V, I), got ", table.shape());
  check<ShapeError>(weight.rank() == 2 && weight.size(1) == table.size(1), "embedding_linear",
                    "the weight must be (O, ", table.size(1), "), got ", weight.shape());
  check<ShapeError>(!bias.defined() || bias.shape() == Shape{weight.size(0)}, "embedding_linear", "the bias must be (",
                    weight.size(0), ",), got ", bias.shape());
  const Tensor offset = bias.defined() ? bias.value() : Tensor();
  Tensor value = table.size(0) < ids.numel() ? embedding(linear(table.value(), weight.value(), offset), ids)
                                             : linear(embedding(table.value(), ids), weight.value(), offset);
  return make_variable("embedding_linear", std::move(value), {table, weight, bias},
                       [rows = Saved(table), matrix = Saved(weight),
                        picked = Saved::data(ids)](const BackwardContext& context) -> Gradients {
                         return backward_of(context, rows.unpack(context), picked.unpack(context).value(),
                                            matrix.unpack(context));
                       });
}

}  // namespace heed

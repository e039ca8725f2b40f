// The products with the inputs of all steps of a recurrence.
#include "recurrent.h"

#include <heed/autograd/index.h>
#include <heed/tensor/create.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>
#include <heed/tensor/index.h>
#include <heed/tensor/matmul.h>
#include <heed/tensor/reduce.h>
#include <heed/tensor/view.h>

namespace heed::detail {
namespace {

/// True when the steps of one sequence stand closer together than the sequences of one step: (B, T, ·) in memory.
bool is_batch_first(const Tensor& x) { return x.strides()[0] < x.strides()[1]; }

/// (T, B, N) as (rows, N), in the order of memory that `batch_first` tells.
Tensor as_rows(const Tensor& x, bool batch_first) {
  const Tensor ordered = batch_first ? transpose(x, 0, 1) : x;
  return reshape(ordered, {x.shape()[0] * x.shape()[1], x.shape()[2]});
}

/// x with zeros past the ends of sequences, where it may be NaN: 0 · NaN would reach the gradient of the weight.
Tensor without_padding(const Tensor& x, const Tensor& lengths) {
  if (!lengths.defined() || all_finite(x)) {
    return x;
  }
  const Tensor padding = transpose(padding_mask(lengths, x.shape()[0]), 0, 1);
  return masked_fill(x, unsqueeze(padding, 2), 0);
}

/// Whether the products are made with each row of a table of V rows, rather than with each use of one.
bool reads_table(int64_t v, const Tensor& ids) { return v < ids.numel(); }

/// The rows of `table` (V, N) that ids (T, B) name, laid out as ids are.
Tensor rows_of(const Tensor& table, const Tensor& ids) {
  return ids.strides()[0] < ids.strides()[1] ? transpose(embedding(table, transpose(ids, 0, 1)), 0, 1)
                                             : embedding(table, ids);
}

/// (V, N): for each row of a table the sum of `grad` (T, B, N) over its uses.
Tensor sums_of_rows(const Tensor& grad, const Tensor& ids, int64_t v) {
  const bool batch_first = is_batch_first(grad);
  const Tensor order = batch_first ? transpose(ids, 0, 1) : ids;
  return index_add(zeros({v, grad.size(2)}, grad.dtype()), 0, reshape(order, {ids.numel()}),
                   as_rows(grad, batch_first));
}

/// The gradients of x (T, B, I), w_ih and b_ih for that of their gate inputs.
Gradients sequence_gradients(const BackwardContext& context, const Tensor& grad, const std::vector<Variable>& inputs,
                             const Tensor& x) {
  Gradients result(inputs.size());
  const bool batch_first = is_batch_first(grad);
  const Tensor rows = as_rows(grad, batch_first);
  if (context.needs(0)) {
    const Shape& shape = x.shape();
    const Tensor product = matmul(rows, inputs[1].value());
    result[0] =
        batch_first ? transpose(reshape(product, {shape[1], shape[0], shape[2]}), 0, 1) : reshape(product, shape);
  }
  if (context.needs(1)) {
    result[1] = matmul(transpose(rows, 0, 1), as_rows(x, batch_first));
  }
  if (context.needs(3)) {
    result[3] = sum(rows, {0});
  }
  return result;
}

/// Likewise for a table x (V, I).
Gradients table_gradients(const BackwardContext& context, const Tensor& grad, const std::vector<Variable>& inputs,
                          const RecurrentOptions& options) {
  Gradients result(inputs.size());
  const Tensor& x = inputs[0].value();
  const Tensor of_table = sums_of_rows(grad, options.ids, x.size(0));
  if (context.needs(0)) {
    result[0] = matmul(of_table, inputs[1].value());
  }
  if (context.needs(1)) {
    // A row that only padding names has a gradient of 0, but may be NaN.
    const Tensor unused = all(eq(of_table, 0), {1}, true);
    const Tensor used_rows = all_finite(x) ? x : masked_fill(x, unused, 0);
    result[1] = matmul(transpose(of_table, 0, 1), used_rows);
  }
  if (context.needs(3)) {
    result[3] = sum(of_table, {0});
  }
  return result;
}

}  // namespace

RecurrentCall::RecurrentCall(const std::vector<Variable>& variables, const RecurrentOptions& options)
    : inputs(variables.size()), reverse(options.reverse) {
  for (size_t i = 0; i < variables.size(); ++i) {
    inputs[i] = Saved(variables[i]);
  }
  if (options.lengths.defined()) {
    lengths = Saved::data(options.lengths);
  }
  if (options.ids.defined()) {
    ids = Saved::data(options.ids);
  }
}

RecurrentOptions RecurrentCall::options(const BackwardContext& context) const {
  return {
      .lengths = value_or_none(lengths.unpack(context)), .reverse = reverse, .ids = value_or_none(ids.unpack(context))};
}

std::vector<Variable> RecurrentCall::unpack(const BackwardContext& context) const {
  std::vector<Variable> variables;
  variables.reserve(inputs.size());
  for (const Saved& input : inputs) {
    variables.push_back(input.unpack(context));
  }
  return variables;
}

void check_recurrent(const char* op, const Variable& x, const RecurrentWeights& weights, int64_t gates,
                     const Tensor& ids) {
  if (ids.defined()) {
    check<ShapeError>(x.rank() == 2, op, "the table that ids read must be (V, I), got ", x.shape());
    check<DTypeError>(ids.dtype() == DType::int64, op, "ids must be int64, got ", ids.dtype());
    check<ShapeError>(ids.rank() == 2, op, "ids must be (T, B), got ", ids.shape());
  } else {
    check<ShapeError>(x.rank() == 3, op, "the input must be (T, B, I), got ", x.shape());
  }
  const int64_t width = x.size(-1);
  check<ShapeError>(weights.w_ih.rank() == 2 && weights.w_ih.size(1) == width && weights.w_ih.size(0) % gates == 0, op,
                    "the input weight must be (", gates, "·H, ", width, "), got ", weights.w_ih.shape());
  const int64_t rows = weights.w_ih.size(0);
  check<ShapeError>(weights.w_hh.shape() == Shape{rows, rows / gates}, op, "the recurrent weight must be ",
                    Shape{rows, rows / gates}, ", got ", weights.w_hh.shape());
  for (const Variable* bias : {&weights.b_ih, &weights.b_hh}) {
    check<ShapeError>(!bias->defined() || bias->shape() == Shape{rows}, op, "a bias must be (", rows, ",), got ",
                      bias->defined() ? bias->shape() : Shape());
  }
}

Tensor gate_inputs(const Tensor& x, const Tensor& ids, const Tensor& w_ih, const Tensor& bias) {
  if (ids.defined()) {
    return reads_table(x.size(0), ids) ? rows_of(linear(x, w_ih, bias), ids)
                                       : gate_inputs(rows_of(x, ids), Tensor(), w_ih, bias);
  }
  return is_batch_first(x) ? transpose(linear(transpose(x, 0, 1), w_ih, bias), 0, 1) : linear(x, w_ih, bias);
}

Variable sequence_of(const Variable& x, const Tensor& ids) { return ids.defined() ? embedding(x, ids) : x; }

Tensor joint_bias(const Variable& b_ih, const Variable& b_hh) {
  if (b_ih.defined() && b_hh.defined()) {
    return add(b_ih.value(), b_hh.value());
  }
  return value_or_none(b_ih.defined() ? b_ih : b_hh);
}

Gradients input_gradients(const BackwardContext& context, const Tensor& grad, const std::vector<Variable>& inputs,
                          const RecurrentOptions& options) {
  const Tensor& x = inputs[0].value();
  if (!options.ids.defined()) {
    return sequence_gradients(context, grad, inputs, without_padding(x, options.lengths));
  }
  if (reads_table(x.size(0), options.ids)) {
    return table_gradients(context, grad, inputs, options);
  }
  Gradients result =
      sequence_gradients(context, grad, inputs, without_padding(rows_of(x, options.ids), options.lengths));
  if (context.needs(0)) {
    result[0] = sums_of_rows(result[0].value(), options.ids, x.size(0));
  }
  return result;
}

Variable bias_gradient(const BackwardContext& context, const Tensor& grad, const Variable& of_b_ih) {
  if (of_b_ih.defined() || !context.needs(4)) {
    return of_b_ih;
  }
  return sum(as_rows(grad, is_batch_first(grad)), {0});
}

RecurrentWeights weights_of(const std::vector<Variable>& inputs) {
  return {inputs[1], inputs[2], inputs[3], inputs[4]};
}

}  // namespace heed::detail

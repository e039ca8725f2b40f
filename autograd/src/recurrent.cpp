// The products with the inputs of all steps of a recurrence.
#include "recurrent.h"

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

}  // namespace

RecurrentCall::RecurrentCall(const std::vector<Variable>& variables, const RecurrentOptions& options)
    : inputs(variables.size()), reverse(options.reverse) {
  for (size_t i = 0; i < variables.size(); ++i) {
    inputs[i] = Saved(variables[i]);
  }
  if (options.lengths.defined()) {
    lengths = Saved::data(options.lengths);
  }
}

std::vector<Variable> RecurrentCall::unpack(const BackwardContext& context) const {
  std::vector<Variable> variables;
  variables.reserve(inputs.size());
  for (const Saved& input : inputs) {
    variables.push_back(input.unpack(context));
  }
  return variables;
}

void check_recurrent(const char* op, const Variable& x, const RecurrentWeights& weights, int64_t gates) {
  check<ShapeError>(x.rank() == 3, op, "the input must be (T, B, I), got ", x.shape());
  check<ShapeError>(weights.w_ih.rank() == 2 && weights.w_ih.size(1) == x.size(2) && weights.w_ih.size(0) % gates == 0,
                    op, "the input weight must be (", gates, "·H, ", x.size(2), "), got ", weights.w_ih.shape());
  const int64_t rows = weights.w_ih.size(0);
  check<ShapeError>(weights.w_hh.shape() == Shape{rows, rows / gates}, op, "the recurrent weight must be ",
                    Shape{rows, rows / gates}, ", got ", weights.w_hh.shape());
  for (const Variable* bias : {&weights.b_ih, &weights.b_hh}) {
    check<ShapeError>(!bias->defined() || bias->shape() == Shape{rows}, op, "a bias must be (", rows, ",), got ",
                      bias->defined() ? bias->shape() : Shape());
  }
}

Tensor gate_inputs(const Tensor& x, const Tensor& w_ih, const Tensor& bias) {
  return is_batch_first(x) ? transpose(linear(transpose(x, 0, 1), w_ih, bias), 0, 1) : linear(x, w_ih, bias);
}

Tensor joint_bias(const Variable& b_ih, const Variable& b_hh) {
  if (b_ih.defined() && b_hh.defined()) {
    return add(b_ih.value(), b_hh.value());
  }
  return value_or_none(b_ih.defined() ? b_ih : b_hh);
}

Gradients input_gradients(const BackwardContext& context, const Tensor& grad, const std::vector<Variable>& inputs,
                          const Tensor& lengths) {
  Gradients result(inputs.size());
  const bool batch_first = is_batch_first(grad);
  const Tensor rows = as_rows(grad, batch_first);
  if (context.needs(0)) {
    const Shape& shape = inputs[0].shape();
    const Tensor product = matmul(rows, inputs[1].value());
    result[0] =
        batch_first ? transpose(reshape(product, {shape[1], shape[0], shape[2]}), 0, 1) : reshape(product, shape);
  }
  if (context.needs(1)) {
    const Tensor x = without_padding(inputs[0].value(), lengths);
    result[1] = matmul(transpose(rows, 0, 1), as_rows(x, batch_first));
  }
  if (context.needs(3)) {
    result[3] = sum(rows, {0});
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

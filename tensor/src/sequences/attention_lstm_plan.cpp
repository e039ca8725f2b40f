// Sizes of what the attending LSTM is given.
#include "sequences/attention_lstm_plan.h"

#include <heed/tensor/create.h>

#include "core/require.h"

namespace heed::detail {
namespace {

/// x, checked, with nothing between its elements.
Tensor dense(const Tensor& x, const Shape& wanted, DType dtype, std::string_view op, std::string_view what) {
  require_dtype(x, dtype, op, what);
  require_shape(x, wanted, op, what);
  return contiguous(x);
}

}  // namespace

void prepare(const RecurrencePlan& plan, AttentionLSTMInputs& inputs) {
  const std::string_view op = plan.op();
  const DType dtype = plan.dtype();
  for (const Tensor* each : {&inputs.memory, &inputs.w_query}) {
    require_defined(*each, op);
  }
  check<ShapeError>(inputs.memory.rank() == 3, op, "the memory must be (B, S, M), got ", inputs.memory.shape());
  check<ShapeError>(inputs.w_query.rank() == 2, op, "w_query must be (A, H), got ", inputs.w_query.shape());
  const int64_t rows = plan.rows(), hidden = plan.hidden(), a = inputs.w_query.size(0);
  const int64_t s = inputs.memory.size(1), m = inputs.memory.size(2);
  inputs.memory = dense(inputs.memory, {rows, s, m}, dtype, op, "the memory");
  inputs.keys = dense(inputs.keys, {rows, s, a}, dtype, op, "the keys");
  if (inputs.mask.defined()) {
    inputs.mask = dense(inputs.mask, {rows, s}, DType::boolean, op, "the mask");
  }
  inputs.direction = dense(inputs.direction, {a}, dtype, op, "the direction");
  require_dtype(inputs.w_query, dtype, op, "w_query");
  require_shape(inputs.w_query, {a, hidden}, op, "w_query");
  require_dtype(inputs.w_context, dtype, op, "w_context");
  require_shape(inputs.w_context, {4 * hidden, m}, op, "w_context");
}

}  // namespace heed::detail

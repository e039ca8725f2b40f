// Sizes, layouts and the parts of a recurrence's gradient that are not step by step.
#include "sequences/rnn_plan.h"

#include <heed/tensor/create.h>
#include <heed/tensor/matmul.h>
#include <heed/tensor/view.h>

#include "core/dispatch.h"
#include "core/require.h"

namespace heed::detail {
namespace {

bool has_dense_rows(const Tensor& x) { return x.shape().back() <= 1 || x.strides().back() == 1; }

}  // namespace

RecurrencePlan::RecurrencePlan(const Tensor& gate_inputs, int64_t blocks, const Tensor& w_hh,
                               const RecurrentOptions& options, std::string_view op)
    : blocks_(blocks), dtype_(gate_inputs.dtype()), options_(options), op_(op) {
  require_defined(gate_inputs, op);
  check<ShapeError>(gate_inputs.rank() == 3 && gate_inputs.shape()[2] % blocks == 0, op, "gate inputs must be ",
                    options.batch_first ? "(B, T, " : "(T, B, ", blocks, "H), got ", gate_inputs.shape());
  steps_ = gate_inputs.shape()[time_axis()];
  rows_ = gate_inputs.shape()[1 - time_axis()];
  hidden_ = gate_inputs.shape()[2] / blocks;
  require_same_dtype(gate_inputs, w_hh, op);
  require_shape(w_hh, {blocks * hidden_, hidden_}, op, "w_hh");
  if (!options.lengths.defined()) {
    return;
  }
  require_dtype(options.lengths, DType::int64, op, "lengths");
  require_shape(options.lengths, {rows_}, op, "lengths");
  options_.lengths = contiguous(options.lengths);
  lengths_data_ = options_.lengths.data<int64_t>();
  for (int64_t row = 0; row < rows_; ++row) {
    check(lengths_data_[row] >= 0 && lengths_data_[row] <= steps_, op, "lengths must be between 0 and ", steps_,
          ", got ", lengths_data_[row], " at ", row);
  }
}

Shape RecurrencePlan::shape(int64_t width) const {
  return options_.batch_first ? Shape{rows_, steps_, width} : Shape{steps_, rows_, width};
}

Tensor RecurrencePlan::sequence(int64_t width) const { return empty(shape(width), dtype_); }

Tensor RecurrencePlan::own_sequence(Tensor&& x) const {
  return x.storage().unique() && x.is_contiguous() ? std::move(x) : clone(x);
}

Tensor RecurrencePlan::checked_sequence(const Tensor& x, int64_t width, std::string_view what) const {
  check(x.defined(), op_, what, " must be defined");
  require_dtype(x, dtype_, op_, what);
  require_shape(x, shape(width), op_, what);
  return has_dense_rows(x) ? x : clone(x);
}

Tensor RecurrencePlan::optional_sequence(const Tensor& x, int64_t width, std::string_view what) const {
  return x.defined() ? checked_sequence(x, width, what) : x;
}

Tensor RecurrencePlan::state(const Tensor& x, std::string_view what) const {
  if (!x.defined()) {
    return zeros({rows_, hidden_}, dtype_);
  }
  require_dtype(x, dtype_, op_, what);
  require_shape(x, {rows_, hidden_}, op_, what);
  return clone(x);
}

Tensor RecurrencePlan::previous_states(const Tensor& output, const Tensor& h0) const {
  Tensor previous = sequence(hidden_);
  const Tensor first = state(h0, "h0");
  const Tensor outputs = checked_sequence(output, hidden_, "the output");
  dispatch_floating(dtype_, op_, [&]<class T>() {
    const Steps<T> to = write<T>(previous);
    const Steps<const T> from = read<T>(outputs);
    const T* start = first.data<T>();
    split_rows(steps_ * hidden_, [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; ++row) {
        const T* state = start + row * hidden_;
        for (int64_t i = 0; i < steps_; ++i) {
          T* place = to.at(time(i), row).data;
          if (active(time(i), row)) {
            std::copy_n(state, hidden_, place);
            state = from.at(time(i), row).data;
          } else {
            std::fill_n(place, hidden_, T{0});
          }
        }
      }
    });
  });
  return previous;
}

Tensor RecurrencePlan::flat(const Tensor& sequence) const {
  return reshape(sequence, {steps_ * rows_, sequence.shape()[2]});
}

Tensor RecurrencePlan::weight_gradient(const Tensor& d_gates, const Tensor& previous) const {
  return matmul(transpose(flat(d_gates), 0, 1), flat(previous));
}

}  // namespace heed::detail

// What the recurrences share: checked sizes, memory layout, the order of steps, rows over threads.
#pragma once

#include <algorithm>
#include <string_view>

#include <heed/tensor/detail/rnn.h>
#include <heed/tensor/parallel.h>
#include <heed/tensor/tensor.h>

#include "core/multiply_adds.h"
#include "kernels/rnn.h"

namespace heed::detail {

/// A sequence as the kernels see it; undefined: nullptr.
template <class T>
struct Steps {
  T* data = nullptr;
  int64_t step_stride = 0;
  int64_t row_stride = 0;

  kernels::Rows<T> at(int64_t t, int64_t row) const {
    return {data == nullptr ? nullptr : data + t * step_stride + row * row_stride, row_stride};
  }
};

class RecurrencePlan {
 public:
  /// For gate inputs (T, B, blocks · H), or (B, T, blocks · H), and w_hh (blocks · H, H).
  RecurrencePlan(const Tensor& gate_inputs, int64_t blocks, const Tensor& w_hh, const RecurrentOptions& options,
                 std::string_view op);

  int64_t steps() const { return steps_; }
  int64_t rows() const { return rows_; }
  int64_t hidden() const { return hidden_; }
  DType dtype() const { return dtype_; }
  std::string_view op() const { return op_; }
  bool has_work() const { return steps_ > 0 && rows_ > 0 && hidden_ > 0; }

  /// The time of the i-th step.
  int64_t time(int64_t i) const { return options_.reverse ? steps_ - 1 - i : i; }
  kernels::StepRange range(int64_t begin, int64_t end, int64_t t) const {
    return {end - begin, hidden_, lengths_data_ == nullptr ? nullptr : lengths_data_ + begin, t};
  }
  bool active(int64_t t, int64_t row) const { return lengths_data_ == nullptr || t < lengths_data_[row]; }

  /// (T, B, width), or (B, T, width).
  Shape shape(int64_t width) const;
  /// A new tensor of that shape.
  Tensor sequence(int64_t width) const;
  /// x if it may be overwritten and is contiguous, else a copy that is.
  Tensor own_sequence(Tensor&& x) const;
  /// x, checked to be a sequence; copied unless the elements of its rows lie side by side.
  Tensor checked_sequence(const Tensor& x, int64_t width, std::string_view what) const;
  /// The same, or undefined.
  Tensor optional_sequence(const Tensor& x, int64_t width, std::string_view what) const;
  /// A new (B, H) tensor: a copy of x, or zeros if it is undefined.
  Tensor state(const Tensor& x, std::string_view what) const;

  template <class T>
  Steps<const T> read(const Tensor& x) const {
    return x.defined() ? Steps<const T>{x.data<T>(), x.strides()[time_axis()], x.strides()[1 - time_axis()]}
                       : Steps<const T>{};
  }
  template <class T>
  Steps<T> write(Tensor& x) const {
    return {x.mutable_data<T>(), x.strides()[time_axis()], x.strides()[1 - time_axis()]};
  }

  /// The state that each step started from, a sequence; zeros past a row's length.
  Tensor previous_states(const Tensor& output, const Tensor& h0) const;
  /// d_gatesᵀ · previous over all steps of all rows in one product of fixed order: the gradient of w_hh.
  Tensor weight_gradient(const Tensor& d_gates, const Tensor& previous) const;
  /// (T · B, ·), or (B · T, ·).
  Tensor flat(const Tensor& sequence) const;

  /// The multiply-adds of all steps of a row: per step those with w_hh, and `more`.
  int64_t row_cost(int64_t more = 0) const { return steps_ * (blocks_ * hidden_ * hidden_ + more); }
  /// Adds those of all rows to multiply_adds().
  void count_steps(int64_t more = 0) const { count_multiply_adds(rows_ * row_cost(more)); }
  /// body(begin, end) on ranges of rows, each with enough of the recurrence's work for a thread.
  template <class Body>
  void for_row_ranges(const Body& body, int64_t more = 0) const {
    split_rows(row_cost(more), body);
  }

 private:
  template <class Body>
  void split_rows(int64_t cost, const Body& body) const {
    constexpr int64_t kGrain = 1 << 18;
    parallel_for(0, rows_, kGrain / std::max<int64_t>(1, cost) + 1, body);
  }

  int64_t time_axis() const { return options_.batch_first ? 1 : 0; }

  int64_t steps_, rows_, hidden_, blocks_;
  DType dtype_;
  RecurrentOptions options_;  // its lengths contiguous
  std::string_view op_;
  const int64_t* lengths_data_ = nullptr;
};

}  // namespace heed::detail

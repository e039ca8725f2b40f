// What the recurrences share: checked sizes, memory layout, the order of steps, rows over threads.
#pragma once

#include <algorithm>
#include <string_view>

#include <heed/tensor/parallel.h>
#include <heed/tensor/tensor.h>

#include "kernels/rnn.h"

namespace heed::detail {

/// A (T, B, ·) tensor as the kernels see it; undefined: nullptr.
template <class T>
struct Steps {
  T* data = nullptr;
  int64_t step_stride = 0;
  int64_t row_stride = 0;

  kernels::Rows<T> at(int64_t t, int64_t row) const {
    return {data == nullptr ? nullptr : data + t * step_stride + row * row_stride, row_stride};
  }
};

template <class T>
Steps<const T> read_steps(const Tensor& x) {
  return x.defined() ? Steps<const T>{x.data<T>(), x.strides()[0], x.strides()[1]} : Steps<const T>{};
}

template <class T>
Steps<T> write_steps(Tensor& x) {
  return {x.mutable_data<T>(), x.strides()[0], x.strides()[1]};
}

class RecurrencePlan {
 public:
  /// For gate inputs (T, B, blocks · H) and w_hh (blocks · H, H).
  RecurrencePlan(const Tensor& gate_inputs, int64_t blocks, const Tensor& w_hh, const Tensor& lengths, bool reverse,
                 std::string_view op);

  int64_t steps() const { return steps_; }
  int64_t rows() const { return rows_; }
  int64_t hidden() const { return hidden_; }
  DType dtype() const { return dtype_; }
  std::string_view op() const { return op_; }
  bool has_work() const { return steps_ > 0 && rows_ > 0 && hidden_ > 0; }

  /// The time of the i-th step.
  int64_t time(int64_t i) const { return reverse_ ? steps_ - 1 - i : i; }
  kernels::StepRange range(int64_t begin, int64_t end, int64_t t) const {
    return {end - begin, hidden_, lengths_data_ == nullptr ? nullptr : lengths_data_ + begin, t};
  }
  bool active(int64_t t, int64_t row) const { return lengths_data_ == nullptr || t < lengths_data_[row]; }

  /// A new (T, B, width) tensor laid out as the gate inputs are.
  Tensor sequence(int64_t width) const;
  /// x if it may be overwritten and is laid out as sequence() would, else a copy that is.
  Tensor own_sequence(Tensor&& x) const;
  /// x, checked to be a (T, B, width) sequence; copied unless the elements of its rows lie side by side.
  Tensor checked_sequence(const Tensor& x, int64_t width, std::string_view what) const;
  /// The same, or undefined.
  Tensor optional_sequence(const Tensor& x, int64_t width, std::string_view what) const;
  /// A new (B, H) tensor: a copy of x, or zeros if it is undefined.
  Tensor state(const Tensor& x, std::string_view what) const;

  /// (T, B, H): the state that each step started from; zeros past a sequence's length.
  Tensor previous_states(const Tensor& output, const Tensor& h0) const;
  /// d_gatesᵀ · previous over all steps of all rows in one product of fixed order: the gradient of w_hh.
  Tensor weight_gradient(const Tensor& d_gates, const Tensor& previous) const;
  /// (T · B, ·): the rows in the order of memory.
  Tensor flat(const Tensor& sequence) const;

  /// body(begin, end) on ranges of rows, each with enough of the recurrence's work for a thread: its multiplications a
  /// row and step are those with w_hh and `more`.
  template <class Body>
  void for_row_ranges(const Body& body, int64_t more = 0) const {
    constexpr int64_t kGrain = 1 << 18;
    const int64_t row_cost = std::max<int64_t>(1, steps_ * (blocks_ * hidden_ * hidden_ + more));
    parallel_for(0, rows_, (kGrain + row_cost - 1) / row_cost, body);
  }

 private:
  int64_t steps_, rows_, hidden_, blocks_;
  DType dtype_;
  bool batch_first_;
  bool reverse_;
  std::string_view op_;
  Tensor lengths_;
  const int64_t* lengths_data_ = nullptr;
};

}  // namespace heed::detail

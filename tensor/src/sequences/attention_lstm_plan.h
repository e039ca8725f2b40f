// What the attending LSTM looks into, checked and as the kernels see it.
#pragma once

#include <heed/tensor/detail/attention_lstm.h>

#include "kernels/additive.h"
#include "sequences/rnn_plan.h"

namespace heed::detail {

/// Checks everything but gate_inputs and w_hh, which made the plan; lays memory, keys, mask and direction out densely.
void prepare(const RecurrencePlan& plan, AttentionLSTMInputs& inputs);

/// Of prepared inputs.
template <class T>
struct AttentionMemoryView {
  explicit AttentionMemoryView(const AttentionLSTMInputs& inputs)
      : positions(inputs.memory.size(1)),
        values_size(inputs.memory.size(2)),
        keys_size(inputs.keys.size(2)),
        direction(inputs.direction.data<T>()),
        values_data(inputs.memory.data<T>()),
        keys_data(inputs.keys.data<T>()),
        mask_data(inputs.mask.defined() ? inputs.mask.data<bool>() : nullptr) {}

  const bool* mask(int64_t row) const { return mask_data == nullptr ? nullptr : mask_data + row * positions; }
  const T* values(int64_t row) const { return values_data + row * positions * values_size; }
  const T* keys(int64_t row) const { return keys_data + row * positions * keys_size; }
  kernels::MemoryShape shape(int64_t row) const { return {positions, values_size, mask(row)}; }
  kernels::MemoryShape keys_shape(int64_t row) const { return {positions, keys_size, mask(row)}; }
  /// Multiplications of a row and step for an LSTM of size `hidden`, beside those with w_hh.
  int64_t cost(int64_t hidden) const {
    return positions * (keys_size + values_size) + hidden * (keys_size + 4 * values_size);
  }

  int64_t positions, values_size, keys_size;  // S, M, A
  const T* direction;
  const T* values_data;
  const T* keys_data;
  const bool* mask_data;
};

}  // namespace heed::detail

// Time and memory of self-attention and of a recurrent layer, by length.
#pragma once

#include <cstdint>

namespace remember {

struct CostOptions {
  int64_t size = 64;           ///< of queries, keys and values, and of the recurrent state
  double least_seconds = 0.2;  ///< per measurement; the result is the median of at least three passes
};

/// One sequence of `length`, forward, without gradients.
struct Cost {
  int64_t length = 0;
  int64_t attention_values = 0;  ///< weights: one for each query and key
  double attention_seconds = 0;
  int64_t attention_bytes = 0;  ///< peak memory without the inputs
  double recurrent_seconds = 0;
  int64_t recurrent_bytes = 0;
};

/// softmax(Q Kᵀ / √D) V with all weights in memory (Vaswani et al. 2017, equation 1), and an LSTM layer over the same
/// inputs.
Cost measure_cost(int64_t length, const CostOptions& options);

}  // namespace remember

// Time and memory of exact attention, with its weights kept and without.
#pragma once

#include <cstdint>
#include <vector>

namespace remember {

/// One sequence, one head of size 64, float32. Bytes: peak memory without inputs, output and gradients.
struct AttentionCost {
  int64_t length = 0;
  bool with_gradient = false;
  double kept_seconds = 0;  ///< scores and weights as matrices
  int64_t kept_bytes = 0;
  double tiled_seconds = 0;  ///< scaled_dot_product_attention without need_weights
  int64_t tiled_bytes = 0;

  double memory_ratio() const;
  double time_ratio() const;
};

/// Per length, one entry for the forward pass and one for forward and backward.
std::vector<AttentionCost> measure_attention_costs(const std::vector<int64_t>& lengths = {1024, 4096, 16'384});

}  // namespace remember

// What exact attention takes when it keeps its weights, and when it does not.
#pragma once

#include <cstdint>
#include <vector>

namespace remember {

/// One sequence, one head of width 64, float32. Bytes are those in use at most, beside inputs, output and gradients.
struct AttentionCost {
  int64_t length = 0;
  bool with_gradient = false;
  double kept_seconds = 0;  ///< scores and weights as matrices
  int64_t kept_bytes = 0;
  double tiled_seconds = 0;  ///< scaled_dot_product_attention whose weights nobody asks for
  int64_t tiled_bytes = 0;

  double memory_ratio() const;
  double time_ratio() const;
};

/// Forward, and with the gradients of all three inputs, at each length.
std::vector<AttentionCost> measure_attention_costs(const std::vector<int64_t>& lengths = {1024, 4096, 16'384});

}  // namespace remember

// SequenceLayer: a transformer's layer that can go on from the keys and values of the steps before.
#pragma once

#include <cstdint>
#include <memory>

#include <heed/nn/attention/relative_attention.h>
#include <heed/nn/core/dropout.h>
#include <heed/nn/core/layer_norm.h>
#include <heed/nn/core/linear.h>

namespace heed::detail {

struct SequenceLayerOptions {
  int64_t size = 0;
  int64_t heads = 1;
  int64_t feedforward = 0;
  double dropout = 0;
  bool reads_memory = false;      ///< a decoder's: with attention to a memory
  int64_t relative_distance = 0;  ///< above 0: self-attention knows distances up to it
};

/// Keys and values, (B, heads, S, D) each; undefined when there are none yet.
struct KeysAndValues {
  Variable keys, values;
};

/// x + f(norm(x)) for f = self-attention, attention to the memory, and W2 relu(W1 x + b1) + b2 (Vaswani et al. 2017,
/// section 3.1, with the norms where Xiong et al. 2020 put them). Parts: `self_in`, `self_out`, `relative`,
/// `memory_query`, `memory_in`, `memory_out`, `linear1`, `linear2`, `norm_self`, `norm_memory`, `norm_feedforward`.
class SequenceLayer : public Module {
 public:
  explicit SequenceLayer(const SequenceLayerOptions& options);
  /// An encoder's: x (B, S, E), mask (B, S), true = hidden, or undefined.
  Variable read(const Variable& x, const Tensor& mask);
  /// memory (B, S, E) as write() wants it.
  KeysAndValues prepare(const Variable& memory);

  struct Written {
    Variable output;       ///< (B, T, E)
    Variable weights;      ///< (B, T, S), on the memory, mean over the heads
    KeysAndValues so_far;  ///< `past` and those of x
  };
  /// A decoder's: x (B, T, E) behind what `past` is of; sees itself up to each step, and the memory.
  Written write(const Variable& x, const KeysAndValues& past, const KeysAndValues& memory, const Tensor& mask);

 private:
  Variable heads(const Variable& x) const;
  Variable joined(const Variable& x) const;
  Variable feed_forward(const Variable& x);

  SequenceLayerOptions options_;
  Linear self_in_, self_out_;
  std::unique_ptr<RelativeAttention> relative_;
  std::unique_ptr<Linear> memory_query_, memory_in_, memory_out_;
  Linear linear1_, linear2_;
  LayerNorm norm_self_, norm_feedforward_;
  std::unique_ptr<LayerNorm> norm_memory_;
  Dropout dropout_;
};

}  // namespace heed::detail

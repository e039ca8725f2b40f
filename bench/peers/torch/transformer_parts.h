// A pre-norm transformer's layers for libtorch, whose own have no norm_first in C++: one product for queries, keys and
// values where they come from one input.
#pragma once

#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/normalization.h>

namespace heed::bench {

class TorchAttention : public torch::nn::Module {
 public:
  TorchAttention(int64_t features, int64_t heads);
  /// x (B, T, E), memory (B, S, E); mask bool (T, S), true = hidden, or undefined.
  torch::Tensor forward(const torch::Tensor& x, const torch::Tensor& memory, const torch::Tensor& mask);

 private:
  /// (B, T, E) → (B·heads, T, D).
  torch::Tensor split(const torch::Tensor& x) const;
  torch::Tensor in_proj_weight_, in_proj_bias_;
  torch::nn::Linear out_proj_{nullptr};
  int64_t heads_;
};

/// With a memory, a decoder's layer: x + attention to itself, x + attention to the memory, x + feed-forward.
class TorchTransformerLayer : public torch::nn::Module {
 public:
  TorchTransformerLayer(int64_t features, int64_t heads, bool with_memory);
  torch::Tensor forward(torch::Tensor x, const torch::Tensor& memory, const torch::Tensor& mask);

 private:
  std::shared_ptr<TorchAttention> self_attn_, multihead_attn_;
  torch::nn::Linear linear1_{nullptr}, linear2_{nullptr};
  torch::nn::LayerNorm norm1_{nullptr}, norm2_{nullptr}, norm3_{nullptr};
};

/// `layers.0` and so on.
class TorchTransformerStack : public torch::nn::Module {
 public:
  TorchTransformerStack(int64_t features, int64_t heads, int64_t layers, bool with_memory);
  torch::Tensor forward(torch::Tensor x, const torch::Tensor& memory, const torch::Tensor& mask);

 private:
  std::vector<std::shared_ptr<TorchTransformerLayer>> layers_;
};

}  // namespace heed::bench

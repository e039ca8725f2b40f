// Attention with separate products and softmax: libtorch 1.13 has nothing fused that can be differentiated on a CPU.
#include "peers/torch/transformer_parts.h"

#include <cmath>
#include <limits>

namespace heed::bench {

TorchAttention::TorchAttention(int64_t features, int64_t heads)
    : in_proj_weight_(register_parameter("in_proj_weight", torch::empty({3 * features, features}))),
      in_proj_bias_(register_parameter("in_proj_bias", torch::empty({3 * features}))),
      out_proj_(register_module("out_proj", torch::nn::Linear(features, features))),
      heads_(heads) {}

torch::Tensor TorchAttention::split(const torch::Tensor& x) const {
  return x.reshape({x.size(0), x.size(1), heads_, -1}).transpose(1, 2);
}

torch::Tensor TorchAttention::forward(const torch::Tensor& x, const torch::Tensor& memory, const torch::Tensor& mask) {
  const int64_t features = x.size(2);
  torch::Tensor q, k, v;
  if (x.is_same(memory)) {
    const auto parts = torch::linear(x, in_proj_weight_, in_proj_bias_).chunk(3, -1);
    q = parts[0], k = parts[1], v = parts[2];
  } else {
    q = torch::linear(x, in_proj_weight_.narrow(0, 0, features), in_proj_bias_.narrow(0, 0, features));
    const auto parts = torch::linear(memory, in_proj_weight_.narrow(0, features, 2 * features),
                                     in_proj_bias_.narrow(0, features, 2 * features))
                           .chunk(2, -1);
    k = parts[0], v = parts[1];
  }
  const double scale = 1 / std::sqrt(static_cast<double>(features / heads_));
  torch::Tensor scores = torch::matmul(split(q) * scale, split(k).transpose(-2, -1));
  if (mask.defined()) scores = scores.masked_fill(mask, -std::numeric_limits<float>::infinity());
  const torch::Tensor seen = torch::matmul(torch::softmax(scores, -1), split(v));
  return out_proj_->forward(seen.transpose(1, 2).reshape(x.sizes()));
}

namespace {

torch::nn::LayerNorm layer_norm(int64_t features) {
  return torch::nn::LayerNorm(torch::nn::LayerNormOptions({features}));
}

}  // namespace

TorchTransformerLayer::TorchTransformerLayer(int64_t features, int64_t heads, bool with_memory)
    : self_attn_(register_module("self_attn", std::make_shared<TorchAttention>(features, heads))),
      linear1_(register_module("linear1", torch::nn::Linear(features, 4 * features))),
      linear2_(register_module("linear2", torch::nn::Linear(4 * features, features))),
      norm1_(register_module("norm1", layer_norm(features))),
      norm2_(register_module("norm2", layer_norm(features))) {
  if (with_memory) {
    multihead_attn_ = register_module("multihead_attn", std::make_shared<TorchAttention>(features, heads));
    norm3_ = register_module("norm3", layer_norm(features));
  }
}

torch::Tensor TorchTransformerLayer::forward(torch::Tensor x, const torch::Tensor& memory, const torch::Tensor& mask) {
  torch::Tensor normalised = norm1_->forward(x);
  x = x + self_attn_->forward(normalised, normalised, mask);
  normalised = norm2_->forward(x);
  if (multihead_attn_ != nullptr) {
    x = x + multihead_attn_->forward(normalised, memory, torch::Tensor());
    normalised = norm3_->forward(x);
  }
  return x + linear2_->forward(torch::relu(linear1_->forward(normalised)));
}

TorchTransformerStack::TorchTransformerStack(int64_t features, int64_t heads, int64_t layers, bool with_memory) {
  auto list = register_module("layers", std::make_shared<torch::nn::Module>());
  for (int64_t i = 0; i < layers; ++i) {
    layers_.push_back(list->register_module(std::to_string(i),
                                            std::make_shared<TorchTransformerLayer>(features, heads, with_memory)));
  }
}

torch::Tensor TorchTransformerStack::forward(torch::Tensor x, const torch::Tensor& memory, const torch::Tensor& mask) {
  for (auto& layer : layers_) x = layer->forward(x, memory, mask);
  return x;
}

}  // namespace heed::bench

// What the recurrent models share: an encoder, and holders that give parameters heed's names.
#pragma once

#include <torch/nn/modules/embedding.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/rnn.h>

#include "peers/torch/models.h"

namespace heed::bench {

struct EncoderOutput {
  torch::Tensor memory;  // (T, B, D·H)
  torch::Tensor h, c;    // (D, B, H)
};

/// Embedding and torch's fused LSTM.
class TorchEncoder : public torch::nn::Module {
 public:
  TorchEncoder(const StepSize& size, bool bidirectional);
  EncoderOutput forward(const torch::Tensor& source);

 private:
  torch::nn::Embedding embedding_{nullptr};
  torch::nn::LSTM rnn_{nullptr};
};

/// Embedding, the fused LSTM over the whole target, perhaps dot attention over all steps at once, and logits.
class TorchDecoder : public torch::nn::Module {
 public:
  TorchDecoder(const StepSize& size, bool attends);
  torch::Tensor forward(const torch::Tensor& target_in, const EncoderOutput& encoded);

 private:
  torch::Tensor combined(const torch::Tensor& states, const torch::Tensor& memory);

  torch::nn::Embedding embedding_{nullptr};
  torch::nn::LSTM rnn_{nullptr};
  torch::nn::Linear combine_{nullptr}, output_{nullptr};
};

}  // namespace heed::bench

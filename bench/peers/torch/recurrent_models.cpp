// W1 and W3: whole sequences through torch's LSTM.
#include <torch/nn/functional/loss.h>

#include "peers/torch/recurrent_parts.h"

namespace heed::bench {
namespace {

class RecurrentModel : public TorchModel {
 public:
  RecurrentModel(const StepSize& size, bool attends)
      : encoder_(register_module("encoder", std::make_shared<TorchEncoder>(size, false))),
        decoder_(register_module("decoder", std::make_shared<TorchDecoder>(size, attends))) {}

  torch::Tensor loss(const Sequences& batch) override {
    return mean_cross_entropy(decoder_->forward(batch.target_in, encoder_->forward(batch.source)), batch.target);
  }

 private:
  std::shared_ptr<TorchEncoder> encoder_;
  std::shared_ptr<TorchDecoder> decoder_;
};

}  // namespace

TorchEncoder::TorchEncoder(const StepSize& size, bool bidirectional)
    : embedding_(register_module("embedding", torch::nn::Embedding(size.vocabulary, size.hidden))),
      rnn_(register_module(
          "rnn", torch::nn::LSTM(torch::nn::LSTMOptions(size.hidden, size.hidden).bidirectional(bidirectional)))) {}

EncoderOutput TorchEncoder::forward(const torch::Tensor& source) {
  const auto [memory, states] = rnn_->forward(embedding_->forward(source));
  return {memory, std::get<0>(states), std::get<1>(states)};
}

TorchDecoder::TorchDecoder(const StepSize& size, bool attends)
    : embedding_(register_module("embedding", torch::nn::Embedding(size.vocabulary, size.hidden))),
      rnn_(register_module("rnn", torch::nn::LSTM(size.hidden, size.hidden))) {
  if (attends) combine_ = register_module("combine", torch::nn::Linear(2 * size.hidden, size.hidden));
  output_ = register_module("output", torch::nn::Linear(size.hidden, size.vocabulary));
}

torch::Tensor TorchDecoder::forward(const torch::Tensor& target_in, const EncoderOutput& encoded) {
  torch::Tensor top = std::get<0>(rnn_->forward(embedding_->forward(target_in), std::make_tuple(encoded.h, encoded.c)));
  if (!combine_.is_empty()) top = combined(top, encoded.memory);
  return output_->forward(top);
}

torch::Tensor TorchDecoder::combined(const torch::Tensor& states, const torch::Tensor& memory) {
  const torch::Tensor queries = states.transpose(0, 1), keys = memory.transpose(0, 1);  // (B, T, H)
  const torch::Tensor weights = torch::softmax(torch::bmm(queries, keys.transpose(1, 2)), -1);
  const torch::Tensor context = torch::bmm(weights, keys).transpose(0, 1);
  return torch::tanh(combine_->forward(torch::cat({context, states}, -1)));
}

torch::Tensor mean_cross_entropy(const torch::Tensor& logits, const torch::Tensor& target) {
  return torch::nn::functional::cross_entropy(logits.reshape({-1, logits.size(-1)}), target.reshape({-1}));
}

std::shared_ptr<TorchModel> make_fixed(const StepSize& size) { return std::make_shared<RecurrentModel>(size, false); }
std::shared_ptr<TorchModel> make_dot(const StepSize& size) { return std::make_shared<RecurrentModel>(size, true); }

}  // namespace heed::bench

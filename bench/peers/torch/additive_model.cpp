// W2: a loop over the target. What does not depend on the state is computed for all steps before it (keys, the
// embedding's share of the gates) or after it (logits); in the loop, context and state go through one product.
#include <torch/nn/modules/container/sequential.h>

#include "peers/torch/recurrent_parts.h"

namespace heed::bench {
namespace {

/// Parameters of a part, under heed's names.
class Parameters : public torch::nn::Module {
 public:
  torch::Tensor add(const std::string& name, torch::IntArrayRef shape) {
    return register_parameter(name, torch::empty(shape));
  }
};

class AdditiveAttention : public torch::nn::Module {
 public:
  explicit AdditiveAttention(int64_t hidden)
      : query_proj_(register_module("query_proj", projection(hidden, hidden))),
        memory_proj_(register_module("memory_proj", projection(2 * hidden, hidden))),
        score_proj_(register_module("score_proj", projection(hidden, 1))) {}

  torch::Tensor keys(const torch::Tensor& memory) { return memory_proj_->forward(memory); }
  /// state (B, H), keys (B, S, H), memory (B, S, 2H) → (B, 2H).
  torch::Tensor context(const torch::Tensor& state, const torch::Tensor& keys, const torch::Tensor& memory) {
    const torch::Tensor compared = (keys + query_proj_->forward(state).unsqueeze(1)).tanh_();
    const torch::Tensor weights = torch::softmax(torch::matmul(compared, score_proj_->weight[0]), -1);
    return torch::bmm(weights.unsqueeze(1), memory).squeeze(1);
  }

 private:
  static torch::nn::Linear projection(int64_t from, int64_t to) {
    return torch::nn::Linear(torch::nn::LinearOptions(from, to).bias(false));
  }
  torch::nn::Linear query_proj_, memory_proj_, score_proj_;
};

class Bridge : public torch::nn::Module {
 public:
  explicit Bridge(int64_t hidden)
      : h_(register_module("h_l0", torch::nn::Linear(2 * hidden, hidden))),
        c_(register_module("c_l0", torch::nn::Linear(2 * hidden, hidden))) {}
  torch::Tensor h(const torch::Tensor& last) { return start(h_, last); }
  torch::Tensor c(const torch::Tensor& last) { return start(c_, last); }

 private:
  /// last (2, B, H) → (B, H).
  static torch::Tensor start(torch::nn::Linear& map, const torch::Tensor& last) {
    return torch::tanh(map->forward(torch::cat({last[0], last[1]}, -1)));
  }
  torch::nn::Linear h_, c_;
};

class AdditiveDecoder : public torch::nn::Module {
 public:
  explicit AdditiveDecoder(const StepSize& size)
      : embedding_(register_module("embedding", torch::nn::Embedding(size.vocabulary, size.hidden))),
        cell_(register_module("cell_l0", std::make_shared<Parameters>())),
        weight_ih_(cell_->add("weight_ih", {4 * size.hidden, 3 * size.hidden})),
        weight_hh_(cell_->add("weight_hh", {4 * size.hidden, size.hidden})),
        bias_ih_(cell_->add("bias_ih", {4 * size.hidden})),
        bias_hh_(cell_->add("bias_hh", {4 * size.hidden})),
        bridge_(register_module("bridge", std::make_shared<Bridge>(size.hidden))),
        attention_(register_module("attention", std::make_shared<AdditiveAttention>(size.hidden))),
        output_(register_module("output", torch::nn::Linear(3 * size.hidden, size.vocabulary))) {}

  torch::Tensor forward(const torch::Tensor& target_in, const EncoderOutput& encoded) {
    const int64_t hidden = weight_hh_.size(1);
    const torch::Tensor memory = encoded.memory.transpose(0, 1).contiguous(), keys = attention_->keys(memory);
    torch::Tensor h = bridge_->h(encoded.h), c = bridge_->c(encoded.c);
    const auto embedded_gates = torch::unbind(
        torch::linear(embedding_->forward(target_in), weight_ih_.narrow(1, 0, hidden), bias_ih_ + bias_hh_));
    const torch::Tensor recurrent = torch::cat({weight_ih_.narrow(1, hidden, 2 * hidden), weight_hh_}, 1).t();
    std::vector<torch::Tensor> features;
    for (const torch::Tensor& embedded : embedded_gates) {
      const torch::Tensor context = attention_->context(h, keys, memory);
      const torch::Tensor gates = torch::addmm(embedded, torch::cat({context, h}, 1), recurrent);
      const auto gate = gates.unsafe_chunk(4, 1);
      c = torch::sigmoid(gate[1]) * c + torch::sigmoid(gate[0]) * torch::tanh(gate[2]);
      h = torch::sigmoid(gate[3]) * torch::tanh(c);
      features.push_back(torch::cat({h, context}, 1));
    }
    return output_->forward(torch::stack(features));
  }

 private:
  torch::nn::Embedding embedding_;
  std::shared_ptr<Parameters> cell_;
  torch::Tensor weight_ih_, weight_hh_, bias_ih_, bias_hh_;
  std::shared_ptr<Bridge> bridge_;
  std::shared_ptr<AdditiveAttention> attention_;
  torch::nn::Linear output_;
};

class AdditiveModel : public TorchModel {
 public:
  explicit AdditiveModel(const StepSize& size)
      : encoder_(register_module("encoder", std::make_shared<TorchEncoder>(size, true))),
        decoder_(register_module("decoder", std::make_shared<AdditiveDecoder>(size))) {}

  torch::Tensor loss(const Sequences& batch) override {
    return mean_cross_entropy(decoder_->forward(batch.target_in, encoder_->forward(batch.source)), batch.target);
  }

 private:
  std::shared_ptr<TorchEncoder> encoder_;
  std::shared_ptr<AdditiveDecoder> decoder_;
};

}  // namespace

std::shared_ptr<TorchModel> make_additive(const StepSize& size) { return std::make_shared<AdditiveModel>(size); }

}  // namespace heed::bench

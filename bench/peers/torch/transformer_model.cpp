// W4, batch first: attention needs (B, heads, T, D) anyway.
#include <cmath>

#include <torch/nn/modules/embedding.h>

#include "peers/torch/models.h"
#include "peers/torch/transformer_parts.h"

namespace heed::bench {
namespace {

/// Vaswani et al. 2017, section 3.5.
torch::Tensor sinusoids(int64_t steps, int64_t features) {
  const torch::Tensor place = torch::arange(steps, torch::kDouble).unsqueeze(1);
  const torch::Tensor rate =
      torch::exp(torch::arange(0, features, 2, torch::kDouble) * (-std::log(10000.0) / static_cast<double>(features)));
  return torch::stack({torch::sin(place * rate), torch::cos(place * rate)}, -1)
      .reshape({steps, features})
      .to(torch::kFloat);
}

class TransformerModel : public TorchModel {
 public:
  explicit TransformerModel(const StepSize& size)
      : scale_(std::sqrt(static_cast<double>(size.hidden))),
        positions_(sinusoids(size.steps, size.hidden)),
        causal_(torch::ones({size.steps, size.steps}, torch::kBool).triu(1)),
        source_embedding_(register_module("source_embedding", torch::nn::Embedding(size.vocabulary, size.hidden))),
        target_embedding_(register_module("target_embedding", torch::nn::Embedding(size.vocabulary, size.hidden))),
        encoder_(register_module("encoder", std::make_shared<TorchTransformerStack>(size.hidden, 4, 2, false))),
        decoder_(register_module("decoder", std::make_shared<TorchTransformerStack>(size.hidden, 4, 2, true))),
        output_(register_module("output", torch::nn::Linear(size.hidden, size.vocabulary))) {}

  torch::Tensor loss(const Sequences& batch) override {
    const torch::Tensor none;
    const torch::Tensor memory = encoder_->forward(embedded(source_embedding_, batch.source), none, none);
    const torch::Tensor top = decoder_->forward(embedded(target_embedding_, batch.target_in), memory, causal_);
    return mean_cross_entropy(output_->forward(top), batch.target.t());
  }

 private:
  torch::Tensor embedded(torch::nn::Embedding& embedding, const torch::Tensor& symbols) {
    return torch::add(positions_, embedding->forward(symbols.t()), scale_);
  }

  double scale_;
  torch::Tensor positions_, causal_;
  torch::nn::Embedding source_embedding_, target_embedding_;
  std::shared_ptr<TorchTransformerStack> encoder_, decoder_;
  torch::nn::Linear output_;
};

}  // namespace

std::shared_ptr<TorchModel> make_transformer(const StepSize& size) { return std::make_shared<TransformerModel>(size); }

}  // namespace heed::bench

// The same step as heed's, from the same weights and batches.
#include "peers/torch/training_step.h"

#include <torch/optim/adam.h>

#include "peers/torch/models.h"
#include "worker/shared_data.h"

#include <torch/nn/utils/clip_grad.h>  // includes nothing of what it needs

namespace heed::bench {
namespace {

std::shared_ptr<TorchModel> make_model(const std::string& workload, const StepSize& size) {
  if (workload == "W1") return make_fixed(size);
  if (workload == "W2") return make_additive(size);
  if (workload == "W3") return make_dot(size);
  if (workload == "W4") return make_transformer(size);
  return nullptr;
}

class TrainingStep : public Job {
 public:
  TrainingStep(std::shared_ptr<TorchModel> model, const StepSize& size)
      : size_(size), model_(std::move(model)), parameters_(model_->parameters()), adam_(parameters_, 1e-3) {
    const torch::NoGradGuard guard;
    for (auto& named : model_->named_parameters()) {
      std::vector<float> values = starting_values(named.key(), named.value().numel(), size.hidden);
      named.value().copy_(torch::from_blob(values.data(), named.value().sizes()));
    }
  }

  void prepare() override {
    TokenBatch tokens = reversal_batch(random_, size_.batch, size_.steps, size_.vocabulary);
    batch_ = {time_first(tokens.source), time_first(tokens.target_in), time_first(tokens.target)};
  }

  void run() override {
    for (torch::Tensor& parameter : parameters_) parameter.mutable_grad().reset();
    const torch::Tensor loss = model_->loss(batch_);
    loss.backward();
    torch::nn::utils::clip_grad_norm_(parameters_, 1);
    adam_.step();
    loss_ = loss.item<double>();
  }

  double result() const override { return loss_; }

 private:
  torch::Tensor time_first(std::vector<int64_t>& symbols) const {
    return torch::from_blob(symbols.data(), {size_.batch, size_.steps}, torch::kLong)
        .t()
        .clone(torch::MemoryFormat::Contiguous);
  }

  StepSize size_;
  std::shared_ptr<TorchModel> model_;
  std::vector<torch::Tensor> parameters_;
  torch::optim::Adam adam_;
  Random random_{1};
  Sequences batch_;
  double loss_ = 0;
};

}  // namespace

std::unique_ptr<Job> make_torch_training_step(const Words& words) {
  if (words[0] != "steps") return nullptr;
  const StepSize size = step_size_of(words);
  std::shared_ptr<TorchModel> model = make_model(words[1], size);
  return model == nullptr ? nullptr : std::make_unique<TrainingStep>(std::move(model), size);
}

}  // namespace heed::bench

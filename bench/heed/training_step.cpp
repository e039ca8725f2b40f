// The loop's body that every program trains with.
#include "heed/training_step.h"

#include <heed/autograd/backward.h>
#include <heed/nn/optim/adam.h>
#include <heed/nn/optim/clip.h>
#include <heed/tensor/create.h>

#include "heed/models.h"
#include "worker/shared_data.h"

namespace heed::bench {
namespace {

class TrainingStep : public Job {
 public:
  TrainingStep(std::unique_ptr<Model> model, const StepSize& size)
      : size_(size), model_(std::move(model)), parameters_(model_->module().parameters()), adam_(model_->module()) {
    for (auto& [name, parameter] : model_->module().named_parameters()) {
      parameter.set_value(from_vector(starting_values(name, parameter.numel(), size.hidden), parameter.shape()));
    }
  }

  void prepare() override {
    const TokenBatch tokens = reversal_batch(random_, size_.batch, size_.steps, size_.vocabulary);
    const Shape shape = {size_.batch, size_.steps};
    batch_ = {from_vector(tokens.source, shape), from_vector(tokens.target_in, shape),
              from_vector(tokens.target, shape)};
  }

  void run() override {
    adam_.zero_grad();
    const Variable loss = model_->loss(batch_);
    backward(loss);
    clip_grad_norm(parameters_, 1);
    adam_.step();
    loss_ = loss.item();
  }

  double result() const override { return loss_; }

 private:
  StepSize size_;
  std::unique_ptr<Model> model_;
  std::vector<Variable> parameters_;
  Adam adam_;
  Random random_{1};
  Sequences batch_;
  double loss_ = 0;
};

}  // namespace

std::unique_ptr<Job> make_training_step(const Words& words) {
  if (words[0] != "steps") return nullptr;
  const StepSize size = step_size_of(words);
  std::unique_ptr<Model> model = make_model(words[1], size);
  return model == nullptr ? nullptr : std::make_unique<TrainingStep>(std::move(model), size);
}

}  // namespace heed::bench

// A small training run with everything that a run has to carry over: dropout, an optimiser with state, a schedule,
// examples in an order drawn anew each pass, sequences of several lengths.
#pragma once

#include <string>

#include <heed/autograd/backward.h>
#include <heed/autograd/elementwise.h>
#include <heed/autograd/softmax.h>
#include <heed/nn/core/checkpoint.h>
#include <heed/nn/core/dropout.h>
#include <heed/nn/core/embedding.h>
#include <heed/nn/core/linear.h>
#include <heed/nn/optim/adam.h>
#include <heed/nn/optim/clip.h>
#include <heed/nn/optim/lr_schedule.h>
#include <heed/nn/recurrent/lstm.h>
#include <heed/tensor/create.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/index.h>
#include <heed/tensor/random.h>
#include <heed/tensor/view.h>

namespace heed::test {

constexpr int64_t kSymbols = 11;

/// Names a symbol for each step of a sequence.
class Reader : public Module {
 public:
  explicit Reader(int64_t width)
      : embedding_(kSymbols, width),
        recurrence_(width, width, {.num_layers = 2, .dropout = 0.2, .recurrent_dropout = 0.1}),
        output_(width, kSymbols) {
    register_module("embedding", embedding_);
    register_module("dropout", dropout_);
    register_module("recurrence", recurrence_);
    register_module("output", output_);
  }
  Variable forward(const Tensor& ids, const Tensor& lengths) {
    const Variable x = dropout_.forward(embedding_.forward(Variable(ids)));
    return output_.forward(recurrence_.forward(x, {.mask = Mask::lengths(lengths)}).output);
  }

 private:
  Embedding embedding_;
  Dropout dropout_{0.3};
  LSTM recurrence_;
  Linear output_;
};

/// One update: ids (B, T) with their lengths.
template <class Model>
double train_step(Model& model, Optimizer& optimizer, const Tensor& ids, const Tensor& lengths) {
  optimizer.zero_grad();
  const int64_t steps = ids.size(1);
  const Tensor target = masked_fill(flip(ids, {1}), padding_mask(lengths, steps), -100);
  const Variable loss = cross_entropy(model.forward(ids, lengths), target);
  backward(loss);
  clip_grad_norm(model.parameters(), 0.5);
  optimizer.step();
  return loss.item();
}

class TrainingRun {
 public:
  static constexpr int64_t kExamples = 20, kBatch = 4, kSteps = 9;

  explicit TrainingRun(int64_t width = 8) : model_(width), optimizer_(model_, {.lr = 0.02, .amsgrad = true}) {
    Generator examples(99);
    ids_ = randint({kExamples, kSteps}, 0, kSymbols, examples);
    lengths_ = randint({kExamples}, 1, kSteps + 1, examples);
  }

  void step() {
    if (progress_.position == 0) {
      progress_.data = {{"order", randperm(kExamples, shuffling_)}};
    }
    const Tensor rows = narrow(progress_.data[0].second, 0, progress_.position, kBatch);
    apply_schedule(schedule_, optimizer_, progress_.step);
    train_step(model_, optimizer_, index_select(ids_, 0, rows), index_select(lengths_, 0, rows));
    ++progress_.step;
    progress_.position = (progress_.position + kBatch) % kExamples;
    progress_.epoch += progress_.position == 0 ? 1 : 0;
  }
  void run_to(int64_t step_count) {
    while (progress_.step < step_count) {
      step();
    }
  }
  void save(const std::string& path) const {
    save_checkpoint(path, capture(model_, &optimizer_, {{"shuffling", &shuffling_}}, progress_));
  }
  void load(const std::string& path) {
    const Checkpoint checkpoint = load_checkpoint(path);
    restore(checkpoint, model_, &optimizer_, {{"shuffling", &shuffling_}});
    progress_ = checkpoint.progress;
  }
  Reader& model() { return model_; }

 private:
  Reader model_;
  AdamW optimizer_;
  LRSchedule schedule_ = WarmUp(3, CosineAnnealingLR(20));
  mutable Generator shuffling_{5, 1};
  TrainingProgress progress_;
  Tensor ids_, lengths_;
};

}  // namespace heed::test

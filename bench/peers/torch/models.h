// The models of the workloads for libtorch, with heed's parameter names so that both start from the same weights.
#pragma once

#include <memory>
#include <string>

#include <torch/nn/module.h>

#include "worker/step_size.h"

namespace heed::bench {

/// Symbols of a batch, int64 (T, B): time first, which spares libtorch the copies of batch_first.
struct Sequences {
  torch::Tensor source, target_in, target;
};

class TorchModel : public torch::nn::Module {
 public:
  /// Mean cross-entropy over all symbols.
  virtual torch::Tensor loss(const Sequences& batch) = 0;
};

std::shared_ptr<TorchModel> make_fixed(const StepSize& size);        // W1
std::shared_ptr<TorchModel> make_additive(const StepSize& size);     // W2
std::shared_ptr<TorchModel> make_dot(const StepSize& size);          // W3
std::shared_ptr<TorchModel> make_transformer(const StepSize& size);  // W4

/// logits (T, B, V) or (T·B, V) and target (T, B).
torch::Tensor mean_cross_entropy(const torch::Tensor& logits, const torch::Tensor& target);

}  // namespace heed::bench

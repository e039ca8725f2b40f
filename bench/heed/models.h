// The models of the workloads.
#pragma once

#include <memory>
#include <string>

#include <heed/nn/core/module.h>

#include "worker/step_size.h"

namespace heed::bench {

/// Source and target of a batch, int64 (B, T).
struct Sequences {
  Tensor source, target_in, target;
};

/// A model and its loss.
class Model {
 public:
  virtual ~Model() = default;
  virtual Module& module() = 0;
  virtual Variable loss(const Sequences& batch) = 0;
};

/// W1: LSTM encoder and decoder; W2: bidirectional encoder, additive attention that feeds the cell; W3: dot attention
/// over all steps at once; W4: a transformer of 2 + 2 layers. Null for another name.
std::unique_ptr<Model> make_model(const std::string& workload, const StepSize& size);

}  // namespace heed::bench

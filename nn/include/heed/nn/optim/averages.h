// Averages of weights: over the steps of a training, and over checkpoints.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include <heed/nn/core/module.h>

namespace heed {

/// average ← decay · average + (1 - decay) · parameter at each update but the first, which copies the parameters
/// (Polyak, Juditsky 1992; PyTorch's AveragedModel with get_ema_multi_avg_fn). Buffers are copied.
///
///   ExponentialMovingAverage average(model, 0.999);
///   … optimizer.step();  average.update(); …
///   {
///     const AveragedWeights weights(average);  // the model has the averages until the end of the scope
///     evaluate(model);
///   }
class ExponentialMovingAverage {
 public:
  /// The model must live as long. Throws ValueError unless 0 ≤ decay ≤ 1.
  explicit ExponentialMovingAverage(Module& model, double decay = 0.999);
  /// After each step of the optimiser. Throws ValueError when names or shapes have changed.
  void update();
  int64_t updates() const { return updates_; }

  /// The averages under the names that the model's state dict has; they share storage. For checkpoints: as
  /// TrainingProgress::data, say.
  StateDict state_dict() const { return averages_; }
  /// Copies values, which the next update goes on from. Throws ValueError for names or shapes that do not fit; nothing
  /// has changed then.
  void load_state_dict(const StateDict& state);

 private:
  friend class AveragedWeights;

  Module& model_;
  double decay_;
  int64_t updates_ = 0;
  bool has_begun_ = false;
  StateDict averages_;
};

/// While it lives, the model has the averages as its weights, in shared storage; then its own again, as they were.
/// Train, update and save outside.
class AveragedWeights {
 public:
  /// Throws ValueError when names, shapes or dtypes have changed; nothing has then.
  explicit AveragedWeights(ExponentialMovingAverage& average);
  ~AveragedWeights();
  AveragedWeights(const AveragedWeights&) = delete;
  AveragedWeights& operator=(const AveragedWeights&) = delete;

 private:
  std::vector<std::pair<Variable, Tensor>> own_;  // each with the value to give back
};

/// The mean of the values of several checkpoints of one model: `average_states({a.model, b.model})`. Sums are taken in
/// float64; values that are not floating are the last one's. Throws ValueError for an empty list, and for names, shapes
/// or dtypes that differ.
StateDict average_states(const std::vector<StateDict>& states);

}  // namespace heed

// StepCost: what a training step will take, measured on one before training.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <heed/nn/core/module.h>

namespace heed {

struct StepCost {
  int64_t parameters = 0;             ///< elements of all parameters
  int64_t frozen = 0;                 ///< of those, elements that are not trained
  int64_t activation_bytes = 0;       ///< what forward leaves for backward, and the results
  int64_t peak_bytes = 0;             ///< the most at one time, gradients included, beside what was there before
  int64_t multiply_adds_forward = 0;  ///< multiply_adds.h says which count
  int64_t multiply_adds = 0;          ///< forward and backward
  double seconds = 0;                 ///< of forward and backward; the optimiser's step is not in it
  /// Of each module that records one, in the order in which they first did; of several calls the first.
  std::vector<std::pair<std::string, Shape>> outputs = {};
};

/// Of one step on this thread: loss() is what training will call, a Variable of one element. It is called twice, and
/// differentiated; no grad() changes, and default_generator() goes back to where it was. Throws as loss() and grad().
StepCost step_cost(const Module& model, const std::function<Variable()>& loss);

/// "19,709 parameters; one step: 1.2 M multiply-adds, 3.1 MB of activations, 4.5 ms", with "(1,024 frozen)" where some
/// are.
std::string describe(const StepCost& cost);

}  // namespace heed

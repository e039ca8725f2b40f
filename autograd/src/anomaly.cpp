// The checks of anomaly mode: after each operation, and (called from backward.cpp) after each backward function.
#include <heed/autograd/anomaly.h>

#include <span>
#include <utility>

#include <heed/autograd/node.h>
#include <heed/tensor/elementwise.h>

namespace heed {

namespace {
thread_local bool watching = false;
}

AnomalyMode::AnomalyMode(bool enabled) : previous_(std::exchange(watching, enabled)) {}

AnomalyMode::~AnomalyMode() { watching = previous_; }

bool AnomalyMode::enabled() { return watching; }

void detail::watch(const char* name, std::span<const Tensor> values, std::span<const Variable> inputs) {
  if (!watching) [[likely]] {
    return;
  }
  for (size_t i = 0; i < values.size(); ++i) {
    if (all_finite(values[i])) {
      continue;
    }
    for (size_t k = 0; k < inputs.size(); ++k) {
      check<AnomalyError>(!inputs[k].defined() || all_finite(inputs[k].value()), name, "input ", k, " of shape ",
                          inputs[k].shape(), " has a value that is not finite, which no watched operation made");
    }
    fail<AnomalyError>(name, "made a value that is not finite from finite inputs (output ", i, " of shape ",
                       values[i].shape(), ")");
  }
}

}  // namespace heed

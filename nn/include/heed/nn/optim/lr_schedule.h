// Learning-rate schedules: pure functions of the step, so that resuming needs only the step.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include <heed/nn/optim/optimizer.h>

namespace heed {

/// The rate for step 0, 1, … of a group that was made with the rate `initial`. Any function works; those below are
/// torch.optim.lr_scheduler's in closed form.
using LRSchedule = std::function<double(double initial, int64_t step)>;

/// Sets the rate of each group of `optimizer` to that of `step`; call it before optimizer.step().
void apply_schedule(const LRSchedule& schedule, Optimizer& optimizer, int64_t step);

/// initial · gamma^floor(step / step_size).
struct StepLR : LRSchedule {
  /// Throws ValueError unless step_size ≥ 1 and gamma is finite and ≥ 0.
  explicit StepLR(int64_t step_size, double gamma = 0.1);
};

/// initial · gamma^m, m being how many of `milestones` the step has reached; one listed twice counts twice.
struct MultiStepLR : LRSchedule {
  /// Throws ValueError for a negative milestone, and unless gamma is finite and ≥ 0.
  explicit MultiStepLR(std::vector<int64_t> milestones, double gamma = 0.1);
};

/// initial · gamma^step.
struct ExponentialLR : LRSchedule {
  /// Throws ValueError unless gamma is finite and ≥ 0.
  explicit ExponentialLR(double gamma);
};

/// eta_min + (initial - eta_min) (1 + cos(π step / t_max)) / 2 (Loshchilov and Hutter 2017, equation 5). Rises again
/// after t_max, as PyTorch's does.
struct CosineAnnealingLR : LRSchedule {
  /// Throws ValueError unless t_max ≥ 1 and eta_min is finite and ≥ 0.
  explicit CosineAnnealingLR(int64_t t_max, double eta_min = 0);
};

/// initial times a factor that goes from start_factor to end_factor over total_iters steps and stays there.
struct LinearLR : LRSchedule {
  /// Throws ValueError unless 0 < start_factor ≤ 1, 0 ≤ end_factor ≤ 1 and total_iters ≥ 1.
  explicit LinearLR(double start_factor = 1.0 / 3, double end_factor = 1.0, int64_t total_iters = 5);
};

/// initial · factor for total_iters steps, then initial. ConstantLR(1, 0) leaves the rate as it is.
struct ConstantLR : LRSchedule {
  /// Throws ValueError unless 0 ≤ factor ≤ 1 and total_iters ≥ 0.
  explicit ConstantLR(double factor = 1.0 / 3, int64_t total_iters = 5);
};

/// A linear warm-up before any schedule: (step + 1) / (steps + 1) of the schedule's first rate for `steps` steps, then
/// the schedule from its step 0.
struct WarmUp : LRSchedule {
  /// Throws ValueError unless steps ≥ 0 and `schedule` can be called.
  WarmUp(int64_t steps, LRSchedule schedule);
};

}  // namespace heed

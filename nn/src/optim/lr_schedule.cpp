// Learning-rate schedules.
#include <heed/nn/optim/lr_schedule.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include <heed/tensor/error.h>

namespace heed {

void apply_schedule(const LRSchedule& schedule, Optimizer& optimizer, int64_t step) {
  check(static_cast<bool>(schedule), "apply_schedule", "needs a schedule, got an empty one");
  check(step >= 0, "apply_schedule", "step must be at least 0, got ", step);
  for (int64_t group = 0; group < optimizer.group_count(); ++group) {
    optimizer.set_lr(group, schedule(optimizer.initial_lr(group), step));
  }
}

StepLR::StepLR(int64_t step_size, double gamma)
    : LRSchedule([=](double initial, int64_t step) {
        const int64_t falls = step / step_size;
        return initial * std::pow(gamma, static_cast<double>(falls));
      }) {
  check(step_size >= 1, "StepLR", "step_size must be at least 1, got ", step_size);
  detail::check_not_negative(gamma, "StepLR", "gamma");
}

MultiStepLR::MultiStepLR(std::vector<int64_t> milestones, double gamma)
    : LRSchedule([=](double initial, int64_t step) {
        const auto reached = std::count_if(milestones.begin(), milestones.end(),
                                           [step](int64_t milestone) { return milestone <= step; });
        return initial * std::pow(gamma, static_cast<double>(reached));
      }) {
  for (const int64_t milestone : milestones) {
    check(milestone >= 0, "MultiStepLR", "milestones must be 0 or more, got ", milestone);
  }
  detail::check_not_negative(gamma, "MultiStepLR", "gamma");
}

ExponentialLR::ExponentialLR(double gamma)
    : LRSchedule([=](double initial, int64_t step) { return initial * std::pow(gamma, static_cast<double>(step)); }) {
  detail::check_not_negative(gamma, "ExponentialLR", "gamma");
}

CosineAnnealingLR::CosineAnnealingLR(int64_t t_max, double eta_min)
    : LRSchedule([=](double initial, int64_t step) {
        const double angle = std::numbers::pi * static_cast<double>(step) / static_cast<double>(t_max);
        return eta_min + (initial - eta_min) * (1 + std::cos(angle)) / 2;
      }) {
  check(t_max >= 1, "CosineAnnealingLR", "t_max must be at least 1, got ", t_max);
  detail::check_not_negative(eta_min, "CosineAnnealingLR", "eta_min");
}

LinearLR::LinearLR(double start_factor, double end_factor, int64_t total_iters)
    : LRSchedule([=](double initial, int64_t step) {
        const double done = static_cast<double>(std::min(step, total_iters)) / static_cast<double>(total_iters);
        return initial * (start_factor + (end_factor - start_factor) * done);
      }) {
  check(start_factor > 0 && start_factor <= 1, "LinearLR", "start_factor must be above 0 and at most 1, got ",
        start_factor);
  check(end_factor >= 0 && end_factor <= 1, "LinearLR", "end_factor must be in 0 … 1, got ", end_factor);
  check(total_iters >= 1, "LinearLR", "total_iters must be at least 1, got ", total_iters);
}

ConstantLR::ConstantLR(double factor, int64_t total_iters)
    : LRSchedule([=](double initial, int64_t step) { return step < total_iters ? initial * factor : initial; }) {
  check(factor >= 0 && factor <= 1, "ConstantLR", "factor must be in 0 … 1, got ", factor);
  check(total_iters >= 0, "ConstantLR", "total_iters must be at least 0, got ", total_iters);
}

WarmUp::WarmUp(int64_t steps, LRSchedule schedule)
    : LRSchedule([steps, schedule](double initial, int64_t step) {
        return step < steps ? schedule(initial, 0) * static_cast<double>(step + 1) / (static_cast<double>(steps) + 1)
                            : schedule(initial, step - steps);
      }) {
  check(steps >= 0, "WarmUp", "steps must be at least 0, got ", steps);
  check(static_cast<bool>(schedule), "WarmUp", "needs a schedule to go on with, got an empty function");
}

}  // namespace heed

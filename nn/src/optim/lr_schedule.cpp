// Learning-rate schedules.
#include <heed/nn/optim/lr_schedule.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include <heed/tensor/error.h>

namespace heed {

void apply_schedule(const LRSchedule& schedule, Optimizer& optimizer, int64_t step) {
  check(step >= 0, "apply_schedule", "step must be at least 0, got ", step);
  for (int64_t group = 0; group < optimizer.group_count(); ++group) {
    optimizer.set_lr(group, schedule(optimizer.initial_lr(group), step));
  }
}

StepLR::StepLR(int64_t step_size, double gamma) : step_size_(step_size), gamma_(gamma) {
  check(step_size >= 1, "StepLR", "step_size must be at least 1, got ", step_size);
  detail::check_not_negative(gamma, "StepLR", "gamma");
}

double StepLR::operator()(double initial, int64_t step) const {
  const int64_t falls = step / step_size_;
  return initial * std::pow(gamma_, static_cast<double>(falls));
}

MultiStepLR::MultiStepLR(std::vector<int64_t> milestones, double gamma)
    : milestones_(std::move(milestones)), gamma_(gamma) {
  for (const int64_t milestone : milestones_) {
    check(milestone >= 0, "MultiStepLR", "milestones must be 0 or more, got ", milestone);
  }
  detail::check_not_negative(gamma, "MultiStepLR", "gamma");
}

double MultiStepLR::operator()(double initial, int64_t step) const {
  const auto reached =
      std::count_if(milestones_.begin(), milestones_.end(), [step](int64_t milestone) { return milestone <= step; });
  return initial * std::pow(gamma_, static_cast<double>(reached));
}

ExponentialLR::ExponentialLR(double gamma) : gamma_(gamma) {
  detail::check_not_negative(gamma, "ExponentialLR", "gamma");
}

double ExponentialLR::operator()(double initial, int64_t step) const {
  return initial * std::pow(gamma_, static_cast<double>(step));
}

CosineAnnealingLR::CosineAnnealingLR(int64_t t_max, double eta_min) : t_max_(t_max), eta_min_(eta_min) {
  check(t_max >= 1, "CosineAnnealingLR", "t_max must be at least 1, got ", t_max);
  detail::check_not_negative(eta_min, "CosineAnnealingLR", "eta_min");
}

double CosineAnnealingLR::operator()(double initial, int64_t step) const {
  const double angle = std::numbers::pi * static_cast<double>(step) / static_cast<double>(t_max_);
  return eta_min_ + (initial - eta_min_) * (1 + std::cos(angle)) / 2;
}

LinearLR::LinearLR(double start_factor, double end_factor, int64_t total_iters)
    : start_factor_(start_factor), end_factor_(end_factor), total_iters_(total_iters) {
  check(start_factor > 0 && start_factor <= 1, "LinearLR", "start_factor must be above 0 and at most 1, got ",
        start_factor);
  check(end_factor >= 0 && end_factor <= 1, "LinearLR", "end_factor must be in 0 … 1, got ", end_factor);
  check(total_iters >= 1, "LinearLR", "total_iters must be at least 1, got ", total_iters);
}

double LinearLR::operator()(double initial, int64_t step) const {
  const double done = static_cast<double>(std::min(step, total_iters_)) / static_cast<double>(total_iters_);
  return initial * (start_factor_ + (end_factor_ - start_factor_) * done);
}

ConstantLR::ConstantLR(double factor, int64_t total_iters) : factor_(factor), total_iters_(total_iters) {
  check(factor >= 0 && factor <= 1, "ConstantLR", "factor must be in 0 … 1, got ", factor);
  check(total_iters >= 0, "ConstantLR", "total_iters must be at least 0, got ", total_iters);
}

double ConstantLR::operator()(double initial, int64_t step) const {
  return step < total_iters_ ? initial * factor_ : initial;
}

WarmUp::WarmUp(int64_t steps, LRSchedule schedule) : steps_(steps), schedule_(std::move(schedule)) {
  check(steps >= 0, "WarmUp", "steps must be at least 0, got ", steps);
  check(static_cast<bool>(schedule_), "WarmUp", "needs a schedule to go on with, got an empty function");
}

double WarmUp::operator()(double initial, int64_t step) const {
  if (step < steps_) {
    return schedule_(initial, 0) * static_cast<double>(step + 1) / (static_cast<double>(steps_) + 1);
  }
  return schedule_(initial, step - steps_);
}

}  // namespace heed

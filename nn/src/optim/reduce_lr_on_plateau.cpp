// ReduceLROnPlateau.
#include <heed/nn/optim/reduce_lr_on_plateau.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include <heed/tensor/create.h>
#include <heed/tensor/error.h>

namespace heed {
namespace {

constexpr const char* kName = "ReduceLROnPlateau";

double worst_of(PlateauMode mode) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  return mode == PlateauMode::min ? kInfinity : -kInfinity;
}

}  // namespace

ReduceLROnPlateau::ReduceLROnPlateau(Optimizer& optimizer, const PlateauOptions& options)
    : optimizer_(optimizer), optimizer_life_(optimizer.watch()), options_(options), best_(worst_of(options.mode)) {
  check(options.factor >= 0 && options.factor < 1, kName, "factor must be at least 0 and below 1, got ",
        options.factor);
  check(options.patience >= 0 && options.cooldown >= 0, kName, "patience and cooldown must be 0 or more, got ",
        options.patience, " and ", options.cooldown);
  detail::check_not_negative(options.threshold, kName, "threshold");
  detail::check_not_negative(options.eps, kName, "eps");
  const auto minima = static_cast<int64_t>(options.min_lr.size());
  check(minima == 1 || minima == optimizer.group_count(), kName, "min_lr must have one number or one for each of ",
        optimizer.group_count(), " groups, got ", minima);
  for (const double minimum : options.min_lr) {
    detail::check_not_negative(minimum, kName, "min_lr");
  }
}

void ReduceLROnPlateau::step(double metric) {
  check(!optimizer_life_.ended(), kName, "the optimizer was destroyed, and must outlive this");
  if (improved(metric)) {
    best_ = metric;
    bad_epochs_ = 0;
  } else {
    ++bad_epochs_;
  }
  if (cooldown_left_ > 0) {
    --cooldown_left_;
    bad_epochs_ = 0;
  }
  if (bad_epochs_ > options_.patience) {
    reduce();
    cooldown_left_ = options_.cooldown;
    bad_epochs_ = 0;
  }
}

bool ReduceLROnPlateau::improved(double metric) const {
  const bool lower = options_.mode == PlateauMode::min;
  const double change = lower ? -options_.threshold : options_.threshold;
  double bound = best_;  // anything finite is better than the worst, which is infinite
  if (options_.threshold_mode == PlateauThreshold::abs) {
    bound += change;
  } else if (std::isfinite(best_)) {
    bound *= best_ < 0 ? 1 - change : 1 + change;  // best ∓ threshold |best|: harder to pass whatever the sign
  }
  return lower ? metric < bound : metric > bound;
}

void ReduceLROnPlateau::reduce() {
  for (int64_t group = 0; group < optimizer_.group_count(); ++group) {
    const double minimum = options_.min_lr[options_.min_lr.size() == 1 ? 0 : static_cast<size_t>(group)];
    const double old = optimizer_.lr(group);
    const double lowered = std::max(old * options_.factor, minimum);
    if (old - lowered > options_.eps) {
      optimizer_.set_lr(group, lowered);
    }
  }
}

StateDict ReduceLROnPlateau::state_dict() const {
  return {{"best", scalar(best_, DType::float64)},
          {"num_bad_epochs", from_vector<int64_t>({bad_epochs_}, {})},
          {"cooldown_counter", from_vector<int64_t>({cooldown_left_}, {})}};
}

void ReduceLROnPlateau::load_state_dict(const StateDict& state) {
  const StateDict wanted = state_dict();
  bool fits = state.size() == wanted.size();
  for (size_t i = 0; fits && i < wanted.size(); ++i) {
    const auto& [name, value] = state[i];
    fits = name == wanted[i].first && value.shape() == Shape{} && value.dtype() == wanted[i].second.dtype();
  }
  check(fits, kName, "the state must have best, num_bad_epochs and cooldown_counter, numbers each");
  const auto bad_epochs = state[1].second.item<int64_t>(), cooldown_left = state[2].second.item<int64_t>();
  check(bad_epochs >= 0 && cooldown_left >= 0, kName, "num_bad_epochs and cooldown_counter must be at least 0, got ",
        bad_epochs, " and ", cooldown_left);
  best_ = state[0].second.item<double>();
  bad_epochs_ = bad_epochs;
  cooldown_left_ = cooldown_left;
}

}  // namespace heed

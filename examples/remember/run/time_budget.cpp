// TimeBudget: see time_budget.h.
#include "run/time_budget.h"

#include <algorithm>
#include <limits>

namespace remember {

using Clock = std::chrono::steady_clock;

TimeBudget::TimeBudget(double minutes, size_t jobs, size_t at_once)
    : end_(Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(60 * minutes))),
      limited_(minutes > 0),
      at_once_(std::max<size_t>(1, at_once)),
      left_(jobs) {}

double TimeBudget::next() {
  if (!limited_) {
    return std::numeric_limits<double>::infinity();
  }
  const std::lock_guard lock(mutex_);
  const size_t rounds = std::max<size_t>(1, (left_ + at_once_ - 1) / at_once_);
  left_ -= std::min<size_t>(1, left_);
  const double seconds = std::chrono::duration<double>(end_ - Clock::now()).count();
  return std::max(0.0, seconds) / static_cast<double>(rounds);
}

}  // namespace remember

// SharedTime: see shared_time.h.
#include "run/shared_time.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace remember {

namespace {

/// A job that takes longer than expected has at least this share of its time before it.
constexpr double kLeastLeft = 0.25;

double seconds(SharedTime::Clock::duration time) { return std::chrono::duration<double>(time).count(); }

SharedTime::Clock::duration as_duration(double seconds) {
  return std::chrono::duration_cast<SharedTime::Clock::duration>(std::chrono::duration<double>(seconds));
}

}  // namespace

SharedTime::SharedTime(std::vector<double> expected, size_t at_once, double minutes, Clock::time_point start)
    : at_once_(static_cast<double>(std::max<size_t>(1, at_once))) {
  for (const double time : expected) {
    jobs_.push_back({.expected = time});
  }
  if (minutes > 0) {
    limit_ = start + as_duration(60 * minutes);
  }
}

double SharedTime::seconds_to_limit() const {
  return limit_ == Clock::time_point::max() ? std::numeric_limits<double>::infinity()
                                            : std::max(0.0, seconds(limit_ - Clock::now()));
}

void SharedTime::begin(size_t job) {
  const std::lock_guard lock(mutex_);
  const auto waiting = static_cast<double>(
      std::count_if(jobs_.begin(), jobs_.end(), [](const Job& other) { return !other.begun && other.expected > 0; }));
  Job& own = jobs_[job];
  own.begun = true;
  own.begin = Clock::now();
  if (limit_ != Clock::time_point::max()) {
    const double rounds = std::max(1.0, std::ceil(waiting / at_once_));
    own.limit = own.begin + as_duration(seconds_to_limit() / rounds);
  }
}

void SharedTime::end(size_t job) {
  const std::lock_guard lock(mutex_);
  jobs_[job].seconds = seconds(Clock::now() - jobs_[job].begin);
}

double SharedTime::seconds_left(size_t job) const {
  const std::lock_guard lock(mutex_);
  const Clock::time_point limit = jobs_[job].limit;
  return limit == Clock::time_point::max() ? std::numeric_limits<double>::infinity()
                                           : std::max(0.0, seconds(limit - Clock::now()));
}

double SharedTime::left() const {
  const std::lock_guard lock(mutex_);
  double taken = 0;
  double expected = 0;
  for (const Job& job : jobs_) {
    taken += job.seconds < 0 ? 0 : job.seconds;
    expected += job.seconds < 0 ? 0 : job.expected;
  }
  const double factor = expected > 0 ? taken / expected : 1;
  double sum = 0;
  for (const Job& job : jobs_) {
    const double gone = job.begun ? seconds(Clock::now() - job.begin) : 0;
    sum += job.seconds < 0 ? std::max(kLeastLeft * gone, factor * job.expected - gone) : 0;
  }
  return std::min(sum / at_once_, seconds_to_limit());
}

double SharedTime::expected() const {
  double sum = 0;
  for (const Job& job : jobs_) {
    sum += job.expected;
  }
  return sum / at_once_;
}

std::vector<bool> SharedTime::affordable() const {
  const std::lock_guard lock(mutex_);
  double left = at_once_ * seconds_to_limit();  // of all that work at once
  auto waiting =
      static_cast<double>(std::count_if(jobs_.begin(), jobs_.end(), [](const Job& job) { return job.expected > 0; }));
  std::vector<bool> affordable;
  for (const Job& job : jobs_) {
    const double part = job.expected > 0 ? left / (at_once_ * std::ceil(waiting-- / at_once_)) : 0;
    affordable.push_back(job.expected <= part);
    left -= std::min(job.expected, part);
  }
  return affordable;
}

}  // namespace remember

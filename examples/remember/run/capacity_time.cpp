// CapacityTime: see capacity_time.h.
#include "run/capacity_time.h"

#include <algorithm>
#include <limits>

namespace remember {

namespace {

/// A search that takes longer than expected has at least this share of its time before it.
constexpr double kLeastLeft = 0.25;

double seconds(CapacityTime::Clock::duration time) { return std::chrono::duration<double>(time).count(); }

CapacityTime::Clock::duration as_duration(double seconds) {
  return std::chrono::duration_cast<CapacityTime::Clock::duration>(std::chrono::duration<double>(seconds));
}

}  // namespace

CapacityTime::CapacityTime(std::vector<double> expected, size_t at_once, double minutes, Clock::time_point start)
    : at_once_(static_cast<double>(std::max<size_t>(1, at_once))) {
  for (const double time : expected) {
    searches_.push_back({.expected = time});
  }
  if (minutes > 0) {
    limit_ = start + as_duration(60 * minutes);
  }
}

double CapacityTime::seconds_to_limit() const {
  return limit_ == Clock::time_point::max() ? std::numeric_limits<double>::infinity()
                                            : std::max(0.0, seconds(limit_ - Clock::now()));
}

void CapacityTime::begin(size_t search) {
  const std::lock_guard lock(mutex_);
  const auto waiting = static_cast<double>(std::count_if(
      searches_.begin(), searches_.end(), [](const Search& other) { return !other.begun && other.expected > 0; }));
  Search& own = searches_[search];
  own.begun = true;
  own.begin = Clock::now();
  if (limit_ != Clock::time_point::max()) {
    const double part = std::min(1.0, at_once_ / std::max(1.0, waiting));
    own.limit = own.begin + as_duration(part * seconds_to_limit());
  }
}

void CapacityTime::end(size_t search) {
  const std::lock_guard lock(mutex_);
  searches_[search].seconds = seconds(Clock::now() - searches_[search].begin);
}

double CapacityTime::seconds_left(size_t search) const {
  const std::lock_guard lock(mutex_);
  const Clock::time_point limit = searches_[search].limit;
  return limit == Clock::time_point::max() ? std::numeric_limits<double>::infinity()
                                           : std::max(0.0, seconds(limit - Clock::now()));
}

double CapacityTime::left() const {
  const std::lock_guard lock(mutex_);
  double taken = 0;
  double expected = 0;
  for (const Search& search : searches_) {
    taken += search.seconds < 0 ? 0 : search.seconds;
    expected += search.seconds < 0 ? 0 : search.expected;
  }
  const double factor = expected > 0 ? taken / expected : 1;
  double sum = 0;
  for (const Search& search : searches_) {
    const double gone = search.begun ? seconds(Clock::now() - search.begin) : 0;
    sum += search.seconds < 0 ? std::max(kLeastLeft * gone, factor * search.expected - gone) : 0;
  }
  return std::min(sum / at_once_, seconds_to_limit());
}

double CapacityTime::expected() const {
  double sum = 0;
  for (const Search& search : searches_) {
    sum += search.expected;
  }
  return sum / at_once_;
}

std::vector<bool> CapacityTime::affordable() const {
  const std::lock_guard lock(mutex_);
  double left = at_once_ * seconds_to_limit();  // of all that work at once
  auto waiting = static_cast<double>(
      std::count_if(searches_.begin(), searches_.end(), [](const Search& search) { return search.expected > 0; }));
  std::vector<bool> affordable;
  for (const Search& search : searches_) {
    const double part = search.expected > 0 ? left / waiting-- : 0;
    affordable.push_back(search.expected <= part);
    left -= std::min(search.expected, part);
  }
  return affordable;
}

}  // namespace remember

// TimeBudget: divides the time of a comparison among its runs.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>

namespace remember {

/// May be used by several threads at once.
class TimeBudget {
 public:
  /// For `jobs` jobs, `at_once` of them side by side, from now on. 0 minutes: no limit.
  TimeBudget(double minutes, size_t jobs, size_t at_once);

  /// Seconds for the next job: the time that is left, in as many parts as there are rounds of jobs left. What a job
  /// does not need goes to those after it. Infinite without a limit.
  double next();

 private:
  std::chrono::steady_clock::time_point end_;
  bool limited_;
  size_t at_once_;
  std::mutex mutex_;
  size_t left_;  // jobs not begun
};

}  // namespace remember

// SharedTime: how long several jobs take, what part of the time each may have, and what is left.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <vector>

namespace remember {

class SharedTime {
 public:
  using Clock = std::chrono::steady_clock;

  /// expected: seconds that each job is expected to take, or any equal numbers if that is not known; 0: there is
  /// nothing left to do. at_once: how many are made at the same time. minutes: for all, from `start`; 0: no limit.
  SharedTime(std::vector<double> expected, size_t at_once, double minutes, Clock::time_point start = Clock::now());

  /// May be called by several threads. A job may take the time that is left, in as many parts as there are rounds of
  /// jobs left, those that have nothing to do not counted: what earlier ones do not use is for later ones.
  void begin(size_t job);
  void end(size_t job);
  /// Until the job has to end; infinite without a limit.
  double seconds_left(size_t job) const;
  /// Seconds for all jobs, from what those at an end took compared with what was expected; at most the limit.
  double left() const;

  /// Seconds that all are expected to take, without a limit.
  double expected() const;
  /// Per job: whether it will probably be finished within its part of the limit.
  std::vector<bool> affordable() const;

 private:
  struct Job {
    double expected = 0;
    Clock::time_point begin{};
    Clock::time_point limit = Clock::time_point::max();
    double seconds = -1;  ///< taken; below 0: not at an end
    bool begun = false;
  };
  double seconds_to_limit() const;

  mutable std::mutex mutex_;
  std::vector<Job> jobs_;
  double at_once_;
  Clock::time_point limit_ = Clock::time_point::max();
};

}  // namespace remember

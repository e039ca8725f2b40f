// CapacityTime: how long the searches of a capacity measurement take, what part of the time each may have, and what is
// left.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <vector>

namespace remember {

class CapacityTime {
 public:
  using Clock = std::chrono::steady_clock;

  /// expected: seconds that each search is expected to take; 0: it is at its end. at_once: how many are made at the
  /// same time. minutes: for all, from `start`; 0: no limit.
  CapacityTime(std::vector<double> expected, size_t at_once, double minutes, Clock::time_point start = Clock::now());

  /// May be called by several threads. A search may take its part of the time that is left, all that wait and are not
  /// at their end having equal parts: what earlier ones do not use is for later ones.
  void begin(size_t search);
  void end(size_t search);
  /// Until the search has to end; infinite without a limit.
  double seconds_left(size_t search) const;
  /// Seconds for all searches, from what those at an end took compared with what was expected; at most the limit.
  double left() const;

  /// Seconds that all are expected to take, without a limit.
  double expected() const;
  /// Per search: whether it will probably be finished within its part of the limit.
  std::vector<bool> affordable() const;

 private:
  struct Search {
    double expected = 0;
    Clock::time_point begin{};
    Clock::time_point limit = Clock::time_point::max();
    double seconds = -1;  ///< taken; below 0: not at an end
    bool begun = false;
  };
  double seconds_to_limit() const;

  mutable std::mutex mutex_;
  std::vector<Search> searches_;
  double at_once_;
  Clock::time_point limit_ = Clock::time_point::max();
};

}  // namespace remember

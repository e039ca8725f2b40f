// Worker threads of parallel_for: started when they are first needed, shared by all calling threads, and started again
// in a process that fork() made.
#pragma once

#include <cstdint>

#include "core/region.h"

namespace heed::detail {

class Worker;

/// Workers lent to a region. Fewer than wanted, or none, where the threads that compute already are twice the
/// processors (or twice num_threads(), if that is more), or where the system gives no more threads.
class Helpers {
 public:
  /// Offers the region's parts after the first to that many helpers.
  explicit Helpers(Region& region);
  /// Takes the region from helpers that have not begun with it and waits for the others. Throws Error in a process that
  /// was forked inside the region: the helpers are not there, nor is what they did.
  void finish();
  Helpers(const Helpers&) = delete;
  Helpers& operator=(const Helpers&) = delete;

 private:
  Region& region_;
  Worker* first_ = nullptr;
  int64_t count_ = 0;
  uint64_t process_ = 0;
};

/// Whether this thread is at work on a region, as its caller or as a helper.
bool& inside_region();

}  // namespace heed::detail

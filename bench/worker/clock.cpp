// POSIX clocks.
#include "worker/clock.h"

#include <cstdlib>
#include <ctime>
#include <string_view>

namespace heed::bench {

bool measures_processor_time() {
  const char* clock = std::getenv("HEED_BENCH_CLOCK");
  return clock != nullptr && std::string_view(clock) == "cpu";
}

double now() {
  static const clockid_t clock = measures_processor_time() ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC;
  timespec time{};
  clock_gettime(clock, &time);
  return 1e3 * static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_nsec);
}

}  // namespace heed::bench

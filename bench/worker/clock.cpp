// POSIX clocks.
#include "worker/clock.h"

#include <cstdlib>
#include <ctime>
#include <stdexcept>
#include <string>

namespace heed::bench {

bool measures_processor_time() {
  const char* variable = std::getenv("HEED_BENCH_CLOCK");
  const std::string clock = variable == nullptr ? "" : variable;
  if (clock != "" && clock != "wall" && clock != "cpu") {
    throw std::invalid_argument("HEED_BENCH_CLOCK must be wall or cpu, got '" + clock + "'");
  }
  return clock == "cpu";
}

double now() {
  static const clockid_t clock = measures_processor_time() ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC;
  timespec time{};
  clock_gettime(clock, &time);
  return 1e3 * static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_nsec);
}

}  // namespace heed::bench

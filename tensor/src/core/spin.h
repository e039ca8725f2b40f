// A short wait that keeps the processor: a thread that sleeps takes longer to wake up than most waits last.
#pragma once

#include <chrono>

#include "platform/processors.h"

namespace heed::detail {

/// Long enough for what lies between the parallel loops of a training step, short beside a time slice of the scheduler.
constexpr std::chrono::microseconds kSpinTime(50);

inline void pause_processor() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

/// Waits until ready(), but not longer than kSpinTime, and not on the processor `cpu`, on which the thread that it
/// waits for was last seen, and which it needs. Returns whether it is ready.
template <class Ready>
bool spin_until(const Ready& ready, int cpu) {
  constexpr int kLooksPerTime = 32;
  const auto end = std::chrono::steady_clock::now() + kSpinTime;
  do {
    for (int i = 0; i < kLooksPerTime; ++i) {
      if (ready()) {
        return true;
      }
      pause_processor();
    }
  } while (std::chrono::steady_clock::now() < end && (cpu < 0 || cpu != current_processor()));
  return false;
}

}  // namespace heed::detail

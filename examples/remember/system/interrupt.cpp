// The flag: see interrupt.h.
#include "system/interrupt.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <ctime>

namespace remember {

namespace {

constexpr std::array<int, 4> kWatched = {SIGINT, SIGTERM, SIGHUP, SIGXCPU};
constexpr int64_t kSameInterrupt = 200'000'000;  // nanoseconds

/// The first signal that came; 0: none.
std::atomic<int> signal_came = 0;
/// When the first Ctrl-C or SIGTERM came; 0: none.
std::atomic<int64_t> user_came_at = 0;
static_assert(std::atomic<int>::is_always_lock_free && std::atomic<int64_t>::is_always_lock_free,
              "signal handlers may write nothing else");

std::array<struct sigaction, kWatched.size()> before = {};

int64_t nanoseconds() {
  timespec now = {};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return int64_t{1'000'000'000} * now.tv_sec + now.tv_nsec;
}

bool is_of_a_user(int number) { return number == SIGINT || number == SIGTERM; }

/// Whether a Ctrl-C or SIGTERM at `now` is not the first one, nor the first one again.
bool is_second(int64_t now) {
  int64_t first = 0;
  return !user_came_at.compare_exchange_strong(first, now) && now - first > kSameInterrupt;
}

extern "C" void note_signal(int number) {
  const int code = errno;
  int none = 0;
  signal_came.compare_exchange_strong(none, number);
  if (is_of_a_user(number) && is_second(nanoseconds())) {
    struct sigaction end = {};
    end.sa_handler = SIG_DFL;
    sigaction(number, &end, nullptr);
    raise(number);
  }
  errno = code;
}

}  // namespace

void watch_for_interrupt() {
  struct sigaction action = {};
  action.sa_handler = note_signal;
  action.sa_flags = SA_RESTART;
  sigfillset(&action.sa_mask);  // one at a time
  for (size_t i = 0; i < kWatched.size(); ++i) {
    sigaction(kWatched[i], nullptr, &before[i]);
    if (is_of_a_user(kWatched[i]) || before[i].sa_handler != SIG_IGN) {
      sigaction(kWatched[i], &action, nullptr);
    }
  }
}

void interrupt() {
  int none = 0;
  signal_came.compare_exchange_strong(none, SIGINT);
  is_second(nanoseconds());
}

bool interrupted() { return signal_came != 0; }

int interrupt_status() {
  constexpr int kOfSignals = 128;
  return kOfSignals + (interrupted() ? signal_came.load() : SIGINT);
}

void stop_if_interrupted() {
  if (interrupted()) {
    throw Interrupted();
  }
}

void stop_watching_for_interrupt() {
  for (size_t i = 0; i < kWatched.size(); ++i) {
    sigaction(kWatched[i], &before[i], nullptr);
  }
}

}  // namespace remember

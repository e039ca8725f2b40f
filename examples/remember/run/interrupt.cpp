// The flag: see interrupt.h.
#include "run/interrupt.h"

#include <atomic>
#include <csignal>

namespace remember {

namespace {

std::atomic<bool> signal_came = false;
static_assert(std::atomic<bool>::is_always_lock_free, "signal handlers may write nothing else");

struct sigaction before_interrupt = {}, before_termination = {};

extern "C" void note_signal(int) { signal_came = true; }

}  // namespace

void watch_for_interrupt() {
  struct sigaction action = {};
  action.sa_handler = note_signal;
  action.sa_flags = SA_RESTART | static_cast<int>(SA_RESETHAND);
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, &before_interrupt);
  sigaction(SIGTERM, &action, &before_termination);
}

void interrupt() { signal_came = true; }

bool interrupted() { return signal_came; }

void stop_if_interrupted() {
  if (interrupted()) {
    throw Interrupted();
  }
}

void stop_watching_for_interrupt() {
  sigaction(SIGINT, &before_interrupt, nullptr);
  sigaction(SIGTERM, &before_termination, nullptr);
}

}  // namespace remember

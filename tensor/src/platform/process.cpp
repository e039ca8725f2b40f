// All watches hang on one handler of pthread_atfork(), since that cannot be taken back when a library is unloaded.
#include <heed/tensor/detail/process.h>

#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <mutex>

namespace heed::detail {

namespace {

// Constant-initialised: other static objects are watches.
constinit std::mutex mutex;
constinit ForkWatch* first = nullptr;
constinit std::atomic<uint64_t> process{0};

}  // namespace

void ForkWatch::call_all(Call ForkWatch::*which) {
  for (const ForkWatch* watch = first; watch != nullptr; watch = watch->next_) {
    (watch->*which)();
  }
}

const int ForkWatch::is_told_ = pthread_atfork(
    [] {
      mutex.lock();
      call_all(&ForkWatch::before_);
    },
    [] {
      call_all(&ForkWatch::in_parent_);
      mutex.unlock();
    },
    [] {
      ++process;
      call_all(&ForkWatch::in_child_);
      mutex.unlock();
    });

ForkWatch::ForkWatch(Call before, Call in_parent, Call in_child)
    : before_(before), in_parent_(in_parent), in_child_(in_child) {
  const std::lock_guard lock(mutex);
  next_ = first;
  first = this;
}

ForkWatch::~ForkWatch() {
  const std::lock_guard lock(mutex);
  ForkWatch** place = &first;
  while (*place != this) {
    place = &(*place)->next_;
  }
  *place = next_;
}

uint64_t process_number() { return process; }

int64_t process_id() { return ::getpid(); }

}  // namespace heed::detail

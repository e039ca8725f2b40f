// One list of workers under one lock, which is held for some tens of nanoseconds at each end of a region.
#include "core/workers.h"

#include <algorithm>
#include <exception>
#include <thread>
#include <utility>

#include <heed/tensor/detail/process.h>
#include <heed/tensor/detail/start_thread.h>
#include <heed/tensor/error.h>
#include <heed/tensor/scope.h>

#include "core/available_cpus.h"
#include "core/spin.h"
#include "kernels/simd.h"

namespace heed::detail {

class Worker {
 public:
  /// Throws Error when the system has no more threads.
  Worker() : thread_(start_thread("parallel_for", [this] { run(); })) {}

  void offer(Region& region, int64_t first_part) {
    first_part_ = first_part;
    put(reinterpret_cast<uintptr_t>(&region));
  }
  /// Whether it had not begun, and now will not.
  bool withdraw(Region& region) {
    uintptr_t expected = reinterpret_cast<uintptr_t>(&region);
    return offer_.compare_exchange_strong(expected, kNothing, std::memory_order_acq_rel);
  }
  /// For one that has nothing to do.
  void stop() {
    put(kStop);
    thread_.join();
  }

  // What follows belongs to the list of workers and is changed under its lock.
  Worker* next = nullptr;       ///< of all workers
  Worker* next_lent = nullptr;  ///< to the same region
  bool is_lent = false;

 private:
  static constexpr uintptr_t kNothing = 0, kAsleep = 1, kStop = 2;

  void run();
  uintptr_t wait();
  void put(uintptr_t what) {
    if (offer_.exchange(what, std::memory_order_acq_rel) == kAsleep) {
      { const std::lock_guard lock(mutex_); }  // it sleeps when it has let go of the lock
      wake_.notify_one();
    }
  }

  std::atomic<uintptr_t> offer_{kNothing};  ///< a Region, or one of the constants
  int64_t first_part_ = 0;
  int caller_cpu_ = -1;  ///< of the last region
  const uint64_t process_ = process_number();
  std::mutex mutex_;
  std::condition_variable wake_;
  std::thread thread_;
};

namespace {

/// Constant-initialised and never destroyed: usable before main, and while static objects are destroyed.
struct Workers {
  std::mutex mutex;
  Worker* all = nullptr;
  Worker* left_behind = nullptr;  ///< of the process that this one was forked from; kept, and never touched
  int64_t computing = 0;          ///< threads in regions, callers and helpers
  bool is_over = false;
  int64_t attempts_to_skip = 0;  ///< after a failed attempt
};
constinit Workers workers;

thread_local bool inside = false;

/// The list, longer by one at its end; nullptr when there is to be none.
Worker* make_worker() {
  if (workers.is_over || workers.attempts_to_skip-- > 0) {
    return nullptr;
  }
  workers.attempts_to_skip = 0;
  try {
    Worker** end = &workers.all;
    while (*end != nullptr) {
      end = &(*end)->next;
    }
    return *end = new Worker;
  } catch (const std::exception&) {
    workers.attempts_to_skip = 1000;
    return nullptr;
  }
}

void before_fork() {
  kernels::simd_target_name();  // not half made in the child
  workers.mutex.lock();
}

void after_fork_in_parent() { workers.mutex.unlock(); }

void after_fork_in_child() {
  Worker** end = &workers.all;
  while (*end != nullptr) {
    end = &(*end)->next;
  }
  *end = workers.left_behind;
  workers.left_behind = std::exchange(workers.all, nullptr);
  workers.computing = 0;
  workers.attempts_to_skip = 0;
  workers.mutex.unlock();
}

/// Ends the workers when the program ends or the library is unloaded, but for those that still help a thread which goes
/// on computing meanwhile.
void end_workers() {
  const std::lock_guard lock(workers.mutex);
  workers.is_over = true;
  for (Worker** place = &workers.all; *place != nullptr;) {
    Worker* const worker = *place;
    if (worker->is_lent) {
      place = &worker->next;
      continue;
    }
    *place = worker->next;
    worker->stop();
    delete worker;
  }
}

struct Lifetime {
  const ForkWatch watch{before_fork, after_fork_in_parent, after_fork_in_child};
  ~Lifetime() { end_workers(); }
};
const Lifetime lifetime;

}  // namespace

uintptr_t Worker::wait() {
  for (;;) {
    spin_until([this] { return offer_.load(std::memory_order_relaxed) != kNothing; }, caller_cpu_);
    uintptr_t what = offer_.exchange(kNothing, std::memory_order_acq_rel);
    if (what != kNothing) {
      return what;
    }
    std::unique_lock lock(mutex_);
    if (offer_.compare_exchange_strong(what, kAsleep, std::memory_order_acq_rel)) {
      wake_.wait(lock, [this] { return offer_.load(std::memory_order_relaxed) != kAsleep; });
    }
  }
}

void Worker::run() {
  inside = true;
  for (uintptr_t what = wait(); what != kStop; what = wait()) {
    Region& region = *reinterpret_cast<Region*>(what);
    const NameScope scope(region.scope());
    const OperationScope operation(region.operation());
    caller_cpu_ = region.caller_cpu();
    region.arrive(current_processor());
    region.work(first_part_);
    if (process_number() != process_) {
      return;  // the body forked: there is neither a caller here nor another thread, so this ends the process
    }
    region.remove_helper();
  }
}

Helpers::Helpers(Region& region) : region_(region) {
  // A caller that finds all workers busy runs its loop alone. The limit is twice the processors, so that two callers
  // both get workers.
  const int64_t most = 2 * std::max(available_cpus(), num_threads());
  {
    const std::lock_guard lock(workers.mutex);
    process_ = process_number();
    const int64_t wanted = std::min(region.parts(), most - workers.computing) - 1;
    Worker* worker = workers.all;
    for (Worker** end = &first_; count_ < wanted; ++count_) {
      while (worker != nullptr && worker->is_lent) {
        worker = worker->next;
      }
      worker = worker == nullptr ? make_worker() : worker;
      if (worker == nullptr) {
        break;
      }
      worker->is_lent = true;
      *end = worker;
      end = &worker->next_lent;
      *end = nullptr;
    }
    workers.computing += 1 + count_;
  }
  int64_t place = 0;
  for (Worker* worker = first_; worker != nullptr; worker = worker->next_lent) {
    region.add_helper();
    worker->offer(region, ++place * region.parts() / (count_ + 1));
  }
}

void Helpers::finish() {
  check<Error>(process_number() == process_, "parallel_for",
               "must be left in the process that began it, got a child that was forked inside it");
  for (Worker* worker = first_; worker != nullptr; worker = worker->next_lent) {
    if (worker->withdraw(region_)) {
      region_.remove_helper();
    }
  }
  region_.wait_for_helpers();
  const std::lock_guard lock(workers.mutex);
  workers.computing -= 1 + count_;
  for (Worker* worker = first_; worker != nullptr; worker = worker->next_lent) {
    worker->is_lent = false;
  }
}

bool& inside_region() { return inside; }

}  // namespace heed::detail

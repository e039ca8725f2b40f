// The thread of a Prefetcher: see prefetcher.h.
#include <heed/nn/data/detail/prefetcher.h>

#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

#include <heed/tensor/detail/process.h>
#include <heed/tensor/detail/start_thread.h>

namespace heed::detail {

struct Prefetcher::Worker {
  struct Made {
    std::shared_ptr<void> value = {};
    std::exception_ptr error = {};
  };

  Worker(const Make& make, int64_t ahead, int64_t step)
      : thread(
            start_thread("DataLoader", [this, &make, ahead, step] { work(make, static_cast<size_t>(ahead), step); })) {}
  ~Worker() {
    {
      const std::lock_guard lock(mutex);
      stopping = true;
    }
    taken.notify_one();
    thread.join();
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// Ends with the first error.
  void work(const Make& make, size_t ahead, int64_t step) {
    for (bool failed = false; !failed; ++step) {
      {
        std::unique_lock lock(mutex);
        taken.wait(lock, [this, ahead] { return stopping || made.size() < ahead; });
        if (stopping) {
          return;
        }
      }
      Made next;
      try {
        next.value = make(step);
      } catch (...) {
        next.error = std::current_exception();
        failed = true;
      }
      {
        const std::lock_guard lock(mutex);
        made.push_back(std::move(next));
      }
      added.notify_one();
    }
  }

  Made take() {
    std::unique_lock lock(mutex);
    added.wait(lock, [this] { return !made.empty(); });
    Made first = std::move(made.front());
    made.pop_front();
    lock.unlock();
    taken.notify_one();
    return first;
  }

  std::mutex mutex;
  std::condition_variable added, taken;
  std::deque<Made> made;
  bool stopping = false;
  const uint64_t of = process_number();
  std::thread thread;  // last: it uses the others
};

Prefetcher::Prefetcher(Make make, int64_t ahead) : make_(std::move(make)), ahead_(ahead) {}
Prefetcher::~Prefetcher() { end_worker(); }

void Prefetcher::end_worker() {
  if (worker_ != nullptr && worker_->of != process_number()) {
    static_cast<void>(worker_.release());  // its thread is in another process, and will never let go of it
  }
  worker_.reset();
}

std::shared_ptr<void> Prefetcher::take(int64_t step) {
  if (ahead_ == 0) {
    return make_(step);
  }
  if (worker_ == nullptr || worker_->of != process_number() || step != next_) {
    end_worker();  // before the next one starts: what `make` uses is for one thread at a time
    worker_ = std::make_unique<Worker>(make_, ahead_, step);
  }
  Worker::Made made = worker_->take();
  if (made.error != nullptr) {
    worker_.reset();
    std::rethrow_exception(made.error);
  }
  next_ = step + 1;
  return std::move(made.value);
}

}  // namespace heed::detail

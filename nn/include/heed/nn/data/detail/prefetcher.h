// Prefetcher: values of step 0, 1, 2 … made ahead on one thread. What DataLoader is made of.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

namespace heed::detail {

class Prefetcher {
 public:
  using Make = std::function<std::shared_ptr<void>(int64_t step)>;
  /// `ahead` values wait at most; 0: take() makes them, and there is no thread.
  Prefetcher(Make make, int64_t ahead);
  ~Prefetcher();
  Prefetcher(const Prefetcher&) = delete;
  Prefetcher& operator=(const Prefetcher&) = delete;

  /// make(step), or what it threw. Another step than the one behind that taken last throws away what was made ahead,
  /// and so does an exception: to take the step again makes it again. So does fork() in the child, which has no thread.
  std::shared_ptr<void> take(int64_t step);

 private:
  struct Worker;
  void end_worker();

  Make make_;
  int64_t ahead_;
  int64_t next_ = 0;
  std::unique_ptr<Worker> worker_;
};

}  // namespace heed::detail

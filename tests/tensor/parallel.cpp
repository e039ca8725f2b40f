#include <heed/tensor/error.h>
#include <heed/tensor/parallel.h>
#include <heed/tensor/scope.h>

#include <pthread.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "support/catch.h"
#include "support/reference.h"

using namespace heed;
using heed::test::message_of;
using heed::test::Threads;

namespace {

using Clock = std::chrono::steady_clock;

/// Runs `count` loops of two parts, some microseconds each.
void run_small_loops(int count) {
  std::vector<double> values(4096, 1);
  for (int i = 0; i < count; ++i) {
    parallel_for(0, 4096, 2048, [&](int64_t begin, int64_t end) {
      for (int64_t j = begin; j < end; ++j) {
        values[static_cast<size_t>(j)] = 0.5 * values[static_cast<size_t>(j)] + 1;
      }
    });
  }
}

double seconds_of(int threads, int loops) {
  const Threads guard(threads);
  const auto before = Clock::now();
  run_small_loops(loops);
  return std::chrono::duration<double>(Clock::now() - before).count();
}

/// Threads that keep every processor busy while it lives.
class BusyThreads {
 public:
  explicit BusyThreads(unsigned count) {
    for (unsigned i = 0; i < count; ++i) {
      threads_.emplace_back([this] {
        while (!is_over_.load(std::memory_order_relaxed)) {
        }
      });
    }
  }
  ~BusyThreads() {
    is_over_ = true;
    for (std::thread& thread : threads_) {
      thread.join();
    }
  }
  BusyThreads(const BusyThreads&) = delete;
  BusyThreads& operator=(const BusyThreads&) = delete;

 private:
  std::atomic<bool> is_over_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace

TEST_CASE("parallel_for visits every element once at any thread count and grain") {
  for (const int threads : {1, 2, 7}) {
    const Threads guard(threads);
    for (const int64_t n : {0, 1, 5, 1000, 1001}) {
      for (const int64_t grain : {1, 3, 400, 5000}) {
        std::vector<std::atomic<int>> visits(static_cast<size_t>(n));
        parallel_for(0, n, grain, [&](int64_t begin, int64_t end) {
          for (int64_t i = begin; i < end; ++i) {
            visits[static_cast<size_t>(i)].fetch_add(1);
          }
        });
        bool once = true;
        for (const auto& count : visits) {
          once = once && count == 1;
        }
        CHECK(once);
      }
    }
  }
}

TEST_CASE("parallel_for uses several threads when there is enough to do, and one inside itself") {
  const Threads guard(2);
  std::atomic<int> ranges{0}, inner{0};
  parallel_for(0, 100, 10, [&](int64_t, int64_t) {
    ++ranges;
    parallel_for(0, 100, 10, [&](int64_t, int64_t) { ++inner; });
  });
  CHECK(ranges == 2);
  CHECK(inner == 2);
}

TEST_CASE("an exception of a body reaches the caller") {
  for (const int threads : {1, 2}) {
    const Threads guard(threads);
    const auto run = [] {
      parallel_for(0, 100, 1, [](int64_t begin, int64_t) { check(begin > 1000, "body", "refused"); });
    };
    CHECK_THROWS_WITH(run(), "body: refused");
  }
}

TEST_CASE("the number of threads is at least one") {
  CHECK_THROWS_AS(set_num_threads(0), ValueError);
  CHECK_THROWS_AS(set_num_threads(100000), ValueError);
}

TEST_CASE("of several errors the one of the first part reaches the caller, after all parts have run") {
  const Threads guard(4);
  for (int repetition = 0; repetition < 200; ++repetition) {
    std::atomic<int> ran = 0;
    const std::string message = message_of<ValueError>([&] {
      parallel_for(0, 8, 2, [&](int64_t begin, int64_t) {
        ++ran;
        check(begin < 2, "body", "refused at ", begin);
      });
    });
    CHECK(message == "body: refused at 2");
    CHECK(ran == 4);
  }
}

TEST_CASE("an error raised on another thread begins with the caller's scope") {
  const Threads guard(2);
  const std::string name = "encoder.lstm";
  const NameScope scope(name);
  const std::thread::id caller = std::this_thread::get_id();
  // The caller's part waits until the other one has begun on a thread of its own, as it does unless all are busy.
  const std::string message = message_of<ValueError>([&] {
    std::atomic<bool> begun = false;
    parallel_for(0, 2, 1, [&](int64_t, int64_t) {
      const auto end = Clock::now() + std::chrono::seconds(10);
      if (std::this_thread::get_id() == caller) {
        while (!begun && Clock::now() < end) {
          std::this_thread::yield();
        }
        return;
      }
      begun = true;
      fail("body", "refused");
    });
    fail("body", "no other thread came");
  });
  CHECK(message == "encoder.lstm: body: refused");
}

TEST_CASE(
    "threads that compute at the same time, with nested loops, errors and changing thread counts, do not disturb each "
    "other") {
  const Threads guard(3);
  std::atomic<int> wrong = 0;
  const auto work = [&wrong](int seed) {
    for (int i = 0; i < 400; ++i) {
      const int64_t n = 1 + (seed * 7919 + i * 104729) % 500;
      std::vector<int64_t> squares(static_cast<size_t>(n), -1);
      bool caught = false;
      try {
        parallel_for(0, n, 1 + i % 5, [&](int64_t begin, int64_t end) {
          parallel_for(begin, end, 1, [&](int64_t b, int64_t e) {
            for (int64_t j = b; j < e; ++j) squares[static_cast<size_t>(j)] = j * j;
          });
          check(i % 3 != 0, "body", "refused");
        });
      } catch (const ValueError&) {
        caught = true;
      }
      int64_t total = 0;
      for (const int64_t square : squares) total += square;
      wrong += total == (n - 1) * n * (2 * n - 1) / 6 && caught == (i % 3 == 0) ? 0 : 1;
      if (seed == 0) set_num_threads(1 + i % 9);
    }
  };
  std::vector<std::thread> callers;
  for (int seed = 0; seed < 4; ++seed) {
    callers.emplace_back(work, seed);
  }
  for (std::thread& caller : callers) {
    caller.join();
  }
  CHECK(wrong == 0);
}

TEST_CASE("two threads beside as many busy ones as there are processors are not slower than one") {
  constexpr int kLoops = 20'000;
  const BusyThreads busy(std::max(2U, std::thread::hardware_concurrency()));
  run_small_loops(100);
  double one = seconds_of(1, kLoops), two = seconds_of(2, kLoops);
  const auto is_slower = [&] { return two >= 3 * one + 0.2; };
  for (int i = 0; i < 10 && is_slower(); ++i) {  // what else the machine does meanwhile is not in all of them
    one = std::min(one, seconds_of(1, kLoops));
    two = std::min(two, seconds_of(2, kLoops));
  }
  INFO(one << " s with one thread, " << two << " s with two");
  CHECK_FALSE(is_slower());  // threads that wait for each other by spinning lose a time slice per loop, 4 ms
}

TEST_CASE("threads of parallel_for take no signals of the program, but those of their own faults") {
  const Threads guard(4);
  std::mutex mutex;
  std::set<std::thread::id> others, open, deaf;
  const std::thread::id caller = std::this_thread::get_id();
  for (int i = 0; i < 10; ++i) {
    std::atomic<bool> other_came = false;
    parallel_for(0, 4, 1, [&](int64_t, int64_t) {
      if (std::this_thread::get_id() == caller) {  // it waits for another, as it does not claim all parts then
        const auto end = Clock::now() + std::chrono::seconds(10);
        while (!other_came && Clock::now() < end) {
          std::this_thread::yield();
        }
        return;
      }
      sigset_t blocked;
      pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
      const std::lock_guard lock(mutex);
      others.insert(std::this_thread::get_id());
      if (sigismember(&blocked, SIGINT) == 0) open.insert(std::this_thread::get_id());
      if (sigismember(&blocked, SIGSEGV) == 1) deaf.insert(std::this_thread::get_id());
      other_came = true;
    });
  }
  CHECK(!others.empty());
  CHECK(open.empty());
  CHECK(deaf.empty());
}

#include <heed/tensor/error.h>
#include <heed/tensor/parallel.h>

#include <atomic>
#include <vector>

#include "support/catch.h"

using namespace heed;

namespace {
struct Threads {
  explicit Threads(int count) : previous(num_threads()) { set_num_threads(count); }
  ~Threads() { set_num_threads(previous); }
  int previous;
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

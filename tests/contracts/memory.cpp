// Memory is flat: no node outlives its step, and resident memory does not grow over 10,000 steps of random lengths.
#include <algorithm>
#include <iostream>

#include <heed/autograd/node.h>

#include "contracts/training_run.h"
#include "support/catch.h"
#include "support/resident_memory.h"

namespace heed::test {
namespace {

TEST_CASE("no node outlives its step, and memory stays flat over 10,000 steps of random lengths") {
  constexpr int64_t kTotal = 10000, kSettled = 2000, kLongest = 24, kMostBatch = 4;
  constexpr int64_t kAllowed = 512 * 1024;
  Reader model(6);
  AdamW optimizer(model, {.lr = 1e-3});
  Generator generator(1);
  int64_t settled = 0, highest = 0;
  for (int64_t step = 1; step <= kTotal; ++step) {
    const int64_t batch = 1 + generator.below(kMostBatch), longest = 1 + generator.below(kLongest);
    train_step(model, optimizer, randint({batch, longest}, 0, kSymbols, generator),
               randint({batch}, 1, longest + 1, generator));
    REQUIRE(live_nodes() == 0);
    if (step == kSettled) {
      settled = resident_bytes();
    } else if (step > kSettled && step % 100 == 0) {
      highest = std::max(highest, resident_bytes());
    }
  }
  std::cout << "resident memory: " << settled / 1024 << " KiB after " << kSettled << " steps, at most "
            << highest / 1024 << " KiB from there to step " << kTotal << std::endl;
  CHECK(highest - settled <= kAllowed);
}

}  // namespace
}  // namespace heed::test

// Memory of training: after its first steps a training step asks the system for nothing more, and leaves no graph.
#include <malloc.h>

#include <limits>

#include <heed/autograd/backward.h>
#include <heed/autograd/node.h>
#include <heed/nn/optim/adam.h>
#include <heed/nn/optim/clip.h>
#include <heed/tensor/create.h>
#include <heed/tensor/parallel.h>
#include <heed/tensor/storage.h>

#include "heed/models.h"
#include "support/catch.h"
#include "support/sanitizers.h"
#include "worker/shared_data.h"

using namespace heed;

namespace {

/// malloc keeps what it ever had of the system, so that this only grows. By default it gives the end of its memory back
/// now and then, and asks for it again.
void keep_freed_memory() {
#if defined(__GLIBC__)
  REQUIRE(mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max()) == 1);
  REQUIRE(mallopt(M_MMAP_THRESHOLD, 32 << 20) == 1);  // the most it takes
#endif
}

/// Bytes that malloc has of the system, and blocks that tensors ever had of malloc.
struct Asked {
  size_t bytes = 0;
  int64_t blocks = 0;
};

Asked asked_so_far() {
  Asked asked;
#if defined(__GLIBC__) && (__GLIBC__ > 2 || __GLIBC_MINOR__ >= 33)
  const struct mallinfo2 heap = mallinfo2();
  asked.bytes = heap.arena + heap.hblkhd;
#endif
  asked.blocks = allocator_stats().system_allocations;
  return asked;
}

class Training {
 public:
  Training(const std::string& workload, const bench::StepSize& size)
      : size_(size),
        model_(bench::make_model(workload, size)),
        parameters_(model_->module().parameters()),
        adam_(model_->module()) {}

  /// Steps on batches drawn anew.
  void run(int steps) {
    const Shape shape = {size_.batch, size_.steps};
    for (int i = 0; i < steps; ++i) {
      const bench::TokenBatch tokens = bench::reversal_batch(random_, size_.batch, size_.steps, size_.vocabulary);
      adam_.zero_grad();
      backward(model_->loss({from_vector(tokens.source, shape), from_vector(tokens.target_in, shape),
                             from_vector(tokens.target, shape)}));
      clip_grad_norm(parameters_, 1);
      adam_.step();
    }
  }

 private:
  bench::StepSize size_;
  std::unique_ptr<bench::Model> model_;
  std::vector<Variable> parameters_;
  Adam adam_;
  bench::Random random_{1};
};

}  // namespace

TEST_CASE("a training step in steady state asks the system for no memory") {
  if (test::kAddressSanitizer) {  // under which freed blocks are not kept
    return;
  }
  // One thread: of several, two may come to need their workspaces at the same moment for the first time at any step.
  const int threads = num_threads();
  set_num_threads(1);
  keep_freed_memory();
  for (const char* workload : {"W1", "W2", "W3", "W4"}) {
    INFO(workload);
    Training training(workload, {32, 10, 64, 16});
    // Where small blocks come to lie differs between machines: some ask once more in the first of these.
    bool asked_for_nothing = false;
    for (int look = 0; look < 4 && !asked_for_nothing; ++look) {
      training.run(10);
      const Asked before = asked_so_far();
      training.run(20);
      const Asked after = asked_so_far();
      CAPTURE(before.bytes, after.bytes);
      CHECK(after.blocks == before.blocks);
      asked_for_nothing = after.bytes == before.bytes;
    }
    CHECK(asked_for_nothing);
    CHECK(live_nodes() == 0);
  }
  set_num_threads(threads);
}

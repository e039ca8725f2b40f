// heed_worker: heed's side of every comparison. `heed_worker 100 steps W1 32 10 64 16` runs one job, for profiling.
#include "heed/training_step.h"
#include "worker/serve.h"

int main(int argc, char** argv) {
  using namespace heed::bench;
  return serve(argc, argv, [](const Words& words) -> std::unique_ptr<Job> {
    if (words.empty()) return nullptr;
    for (const auto make : {make_training_step}) {
      if (auto job = make(words)) return job;
    }
    return nullptr;
  });
}

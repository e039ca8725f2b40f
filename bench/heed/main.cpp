// heed_worker: heed's side of every comparison. `heed_worker 100 steps W1 32 10 64 16` runs one job, for profiling.
#include "heed/kernel_jobs.h"
#include "heed/operation.h"
#include "heed/training_step.h"
#include "worker/serve.h"

int main(int argc, char** argv) {
  using namespace heed::bench;
  return serve(
      argc, argv,
      {make_training_step, make_product, make_function, make_lstm, make_attention, make_scalars, make_operation});
}

// torch_worker: libtorch's side of the comparisons.
#include <ATen/Version.h>
#include <torch/version.h>

#include "peers/torch/kernel_jobs.h"
#include "peers/torch/training_step.h"
#include "worker/serve.h"

int main(int argc, char** argv) {
  using namespace heed::bench;
  return serve(argc, argv,
               {make_torch_training_step, make_torch_function, make_torch_lstm, make_torch_attention,
                make_torch_scalars, make_torch_operation},
               "ATen " TORCH_VERSION " with " + at::get_cpu_capability());
}

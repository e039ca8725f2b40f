// torch_worker: libtorch's side of the comparisons.
#include <string>

#include <ATen/Version.h>
#include <torch/version.h>

#include "peers/torch/kernel_jobs.h"
#include "peers/torch/training_step.h"
#include "worker/serve.h"

namespace {

/// Which of its own kernels it uses, from the lines in which it describes itself.
std::string about_aten() {
  const std::string lines = at::show_config(), what = "CPU capability usage: ";
  const size_t begin = lines.find(what);
  const std::string about = "ATen " TORCH_VERSION;
  if (begin == std::string::npos) return about;
  const size_t word = begin + what.size();
  return about + " with " + lines.substr(word, lines.find('\n', word) - word);
}

}  // namespace

int main(int argc, char** argv) {
  using namespace heed::bench;
  return serve(argc, argv,
               {make_torch_training_step, make_torch_function, make_torch_lstm, make_torch_attention,
                make_torch_scalars, make_torch_operation},
               about_aten());
}

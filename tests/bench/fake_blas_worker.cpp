// A worker with a BLAS that says it is OpenBLAS, for blas.sh. It knows this processor no better than FAKE_CORE does,
// and does what OPENBLAS_CORETYPE says unless FAKE_STUBBORN is set.
#include <cstdlib>

#include "worker/serve.h"

// NOLINTBEGIN: the names are OpenBLAS's
extern "C" void sgemm_() {}
extern "C" const char* openblas_get_corename() {
  const char *const asked = std::getenv("OPENBLAS_CORETYPE"), *const core = std::getenv("FAKE_CORE");
  if (asked != nullptr && std::getenv("FAKE_STUBBORN") == nullptr) return asked;
  return core == nullptr ? "Prescott" : core;
}
extern "C" const char* openblas_get_config() { return "OpenBLAS 0.0"; }
// NOLINTEND

namespace {
class Nothing : public heed::bench::Job {
  void run() override {}
  double result() const override { return 7; }
};
}  // namespace

int main(int argc, char** argv) {
  return heed::bench::serve(argc, argv, {[](const heed::bench::Words&) { return std::make_unique<Nothing>(); }});
}

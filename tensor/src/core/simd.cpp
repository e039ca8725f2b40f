// The public functions that choose the SIMD target.
#include <heed/tensor/simd.h>

#include <heed/tensor/error.h>

#include "kernels/simd.h"

namespace heed {
namespace {

std::string available() {
  std::string text;
  for (const char* name : kernels::simd_target_names()) text += (text.empty() ? "" : ", ") + std::string(name);
  return text;
}

}  // namespace

std::vector<std::string> simd_targets() {
  const auto names = kernels::simd_target_names();
  return {names.begin(), names.end()};
}

std::string simd_target() {
  const char* fault = kernels::simd_environment_fault();
  check<ValueError>(fault == nullptr, "HEED_SIMD", "must be one of ", available(), ", got ", fault);
  return kernels::simd_target_name();
}

void set_simd_target(std::string_view name) {
  check<ValueError>(kernels::pin_simd_target(name), "set_simd_target", "must be one of ", available(), ", got ", name);
}

}  // namespace heed

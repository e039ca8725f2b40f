// Which SIMD target is used while a test runs.
#pragma once

#include <string>

#include <heed/tensor/simd.h>

namespace heed::test {

/// Restores the SIMD target when it is destroyed.
class SimdTarget {
 public:
  SimdTarget() : before_(simd_target()) {}
  ~SimdTarget() { set_simd_target(before_); }
  SimdTarget(const SimdTarget&) = delete;
  SimdTarget& operator=(const SimdTarget&) = delete;

 private:
  std::string before_;
};

}  // namespace heed::test

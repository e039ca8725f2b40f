// The public choice of SIMD target.
#include <heed/tensor/error.h>
#include <heed/tensor/simd.h>

#include <algorithm>

#include "support/catch.h"

namespace heed {

TEST_CASE("the SIMD target in force is one that the machine has, and can be changed") {
  const std::vector<std::string> targets = simd_targets();
  const std::string before = simd_target();
  REQUIRE(std::count(targets.begin(), targets.end(), before) == 1);
  CHECK(targets.back() == "scalar");
  for (const std::string& target : targets) {
    set_simd_target(target);
    CHECK(simd_target() == target);
  }
  set_simd_target(before);
}

TEST_CASE("an unknown SIMD target is an error that names the available ones") {
  const std::string before = simd_target();
  CHECK_THROWS_AS(set_simd_target("abacus"), ValueError);
  try {
    set_simd_target("abacus");
  } catch (const ValueError& error) {
    const std::string message = error.what();
    CHECK(message.find("abacus") != std::string::npos);
    CHECK(message.find("scalar") != std::string::npos);
  }
  CHECK(simd_target() == before);
}

}  // namespace heed

// Choosing the SIMD target.
#include "kernels/simd.h"

#include "tensor/kernels/naive.h"

namespace heed::kernels::test {

TEST_CASE("the scalar target is always there, and last") {
  REQUIRE(!simd_target_names().empty());
  CHECK(std::string(simd_target_names().back()) == "scalar");
}

TEST_CASE("a pinned target is in force until the next one") {
  on_every_target([] {});
  const std::string before = simd_target_name();
  REQUIRE(pin_simd_target("scalar"));
  CHECK(std::string(simd_target_name()) == "scalar");
  CHECK_FALSE(pin_simd_target("abacus"));
  CHECK(std::string(simd_target_name()) == "scalar");
  REQUIRE(pin_simd_target(before));
  CHECK(simd_target_name() == before);
}

}  // namespace heed::kernels::test

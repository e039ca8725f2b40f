// Which instruction set heed computes with: the best this machine has, unless the environment variable HEED_SIMD or
// set_simd_target() names another. Results have the same bits from run to run for one target, not between targets.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace heed {

/// The targets this machine can run, best first: of "avx512", "avx2", "sse4", "scalar" on x86, of "neon", "scalar" on
/// 64-bit Arm.
std::vector<std::string> simd_targets();
/// The current target. Throws ValueError when HEED_SIMD names one that this machine cannot run.
std::string simd_target();
/// Uses target `name` from now on, in the whole process. Must not be called while other threads compute. Throws
/// ValueError naming the available targets when this machine cannot run it.
void set_simd_target(std::string_view name);

}  // namespace heed

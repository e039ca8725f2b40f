// Which instruction set the kernels use: the best this machine has, unless the environment variable HEED_SIMD or
// pin_simd_target() names another. Every kernel looks it up at each call, so one process can compare all of them.
#pragma once

#include <span>
#include <string_view>

namespace heed::kernels {

// Targets this machine can run, best first: of "avx512", "avx2", "sse4", "scalar" on x86, "neon", "scalar" on 64-bit
// Arm.
std::span<const char* const> simd_target_names();

// The target in force.
const char* simd_target_name();

// Puts `name` in force for the whole process; returns false, changing nothing, when this machine cannot run it.
// Not while kernels run in another thread: a result would mix two targets.
bool pin_simd_target(std::string_view name);

// The value of HEED_SIMD when it names nothing this machine can run: the best target is then in force. nullptr
// otherwise, and after a target was pinned.
const char* simd_environment_fault();

}  // namespace heed::kernels

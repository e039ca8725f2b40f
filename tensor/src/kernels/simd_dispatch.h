// How a kernel source file reaches its table for the SIMD target in force. Included after foreach_target.h, where
// HWY_ONCE holds. heed keeps its own choice, so that pinning does not disturb another user of Highway in the process.
#pragma once

#include <hwy/highway.h>

#include "kernels/float_kernels.h"

namespace heed::kernels {

// The choice itself; initialised from the machine and HEED_SIMD at its first use.
hwy::ChosenTarget& simd_choice();

}  // namespace heed::kernels

// HEED_SIMD_EXPORT(table) lists the functions `table` of all targets, and HEED_SIMD_SELECT(table) is that of the target
// in force. Highway's HWY_EXPORT would make the choice by itself at the first call, in a library that takes longer to
// load than heed and all the rest.
#if HWY_IDE || ((HWY_TARGETS & (HWY_TARGETS - 1)) == 0)
#define HEED_SIMD_EXPORT(FUNCTION) static_assert(true)
#define HEED_SIMD_SELECT(FUNCTION) HWY_STATIC_DISPATCH(FUNCTION)
#else
#define HEED_SIMD_EXPORT(FUNCTION)                                                                     \
  static decltype(&HWY_STATIC_DISPATCH(FUNCTION)) const FUNCTION##_of[HWY_MAX_DYNAMIC_TARGETS + 2] = { \
      nullptr, HWY_CHOOSE_TARGET_LIST(FUNCTION), HWY_CHOOSE_FALLBACK(FUNCTION)}
#define HEED_SIMD_SELECT(FUNCTION) (*FUNCTION##_of[heed::kernels::simd_choice().GetIndex()])
#endif

// How a kernel source file reaches its table for the SIMD target in force. Included after foreach_target.h, where
// HWY_ONCE holds. heed keeps its own choice, so that pinning does not disturb another user of Highway in the process.
#pragma once

#include <hwy/highway.h>

#include "kernels/float_kernels.h"

namespace heed::kernels {

// The choice itself; initialised from the machine and HEED_SIMD at its first use.
hwy::ChosenTarget& simd_choice();

}  // namespace heed::kernels

// HEED_SIMD_SELECT(table) is the function `table` of the target in force, after HWY_EXPORT(table).
#if HWY_IDE || ((HWY_TARGETS & (HWY_TARGETS - 1)) == 0)
#define HEED_SIMD_SELECT(FUNCTION) HWY_STATIC_DISPATCH(FUNCTION)
#else
#define HEED_SIMD_SELECT(FUNCTION) (*HWY_DISPATCH_TABLE(FUNCTION)[heed::kernels::simd_choice().GetIndex()])
#endif

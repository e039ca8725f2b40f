// The memory of this process, from Linux's /proc.
#pragma once

#include <cstdint>

namespace heed::bench {

int64_t resident_bytes();
/// Since the process began or reset_peak_memory().
int64_t peak_resident_bytes();
void reset_peak_memory();

}  // namespace heed::bench

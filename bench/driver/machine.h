// What the machine can do at most.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace heed::bench {

/// float32 operations a second of that many threads at once, a multiply-add counting as two.
double machine_rate(int64_t threads);

/// Cycles a second of a busy core, as measured: the time stamp counter runs at a rate of its own.
double clock_rate();

/// 1, and where there are more cores 2; or what was asked for.
std::vector<int64_t> thread_counts(const std::vector<int64_t>& asked);

/// Prints the processor, the SIMD target in force and the rates.
void print_machine(const std::vector<int64_t>& threads);

}  // namespace heed::bench

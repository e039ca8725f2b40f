// The clock of the measurements.
#pragma once

namespace heed::bench {

/// Whether HEED_BENCH_CLOCK=cpu asks for the processor time of the process instead of the time that passes: what one
/// thread takes while others keep the machine busy. It says nothing about several threads. Without the variable, or
/// with wall, it does not; throws std::invalid_argument for any other value.
bool measures_processor_time();

/// Milliseconds since some moment in the past.
double now();

}  // namespace heed::bench

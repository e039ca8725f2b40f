// Order statistics of measured times.
#pragma once

#include <vector>

namespace heed::bench {

/// The value below which `fraction` of the values lie, the nearest one; 0.5 is the median. Throws std::out_of_range
/// for no values.
double quantile(std::vector<double> values, double fraction);

}  // namespace heed::bench

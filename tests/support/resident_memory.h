// How much memory a process has, and how that grows.
#pragma once

#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <stdexcept>
#include <vector>

namespace heed::test {

/// Bytes of this process that are in memory: the second number of /proc/self/statm, in pages.
inline int64_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  int64_t total = 0, resident = 0;
  file >> total >> resident;
  if (resident <= 0) {
    throw std::runtime_error("cannot read /proc/self/statm");
  }
  return resident * static_cast<int64_t>(::sysconf(_SC_PAGESIZE));
}

/// The slope of y over x by least squares; 0 for fewer than two different x.
inline double least_squares_slope(const std::vector<double>& x, const std::vector<double>& y) {
  double mean_x = 0, mean_y = 0, above = 0, below = 0;
  const auto count = static_cast<double>(x.size());
  for (size_t i = 0; i < x.size(); ++i) {
    mean_x += x[i] / count;
    mean_y += y[i] / count;
  }
  for (size_t i = 0; i < x.size(); ++i) {
    above += (x[i] - mean_x) * (y[i] - mean_y);
    below += (x[i] - mean_x) * (x[i] - mean_x);
  }
  return below > 0 ? above / below : 0;
}

}  // namespace heed::test

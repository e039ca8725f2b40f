// What the kernel tests share: running on every SIMD target of the machine, equal bits, random rows.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "kernels/simd.h"
#include "support/catch.h"
#include "support/ulps.h"

namespace heed::kernels::test {

// Calls body() with each target in force in turn, and puts back the one that was.
template <class Body>
void on_every_target(Body body) {
  const std::string before = simd_target_name();
  for (const char* name : simd_target_names()) {
    REQUIRE(pin_simd_target(name));
    INFO("target " << name);
    body();
  }
  pin_simd_target(before);
}

using heed::test::ulps;

// Whether two values have the same bits, but any NaN equals any NaN.
template <class T>
bool same_bits(T a, T b) {
  return (std::isnan(a) && std::isnan(b)) || std::memcmp(&a, &b, sizeof(T)) == 0;
}
template <class T>
bool same_bits(const std::vector<T>& a, const std::vector<T>& b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (!same_bits(a[i], b[i])) return false;
  }
  return true;
}

// n values uniform in [low, high), a function of the seed.
template <class T>
std::vector<T> random_values(int64_t n, uint32_t seed, double low = -1, double high = 1) {
  std::mt19937 generator(seed);
  std::uniform_real_distribution<double> uniform(low, high);
  std::vector<T> values(static_cast<size_t>(n));
  for (T& value : values) value = static_cast<T>(uniform(generator));
  return values;
}

}  // namespace heed::kernels::test

// What the kernel tests share: running on every SIMD target of the machine, distances in units in the last place,
// random rows.
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

// |got - want| in units in the last place of want, rounded to T. Equal infinities and NaN against NaN are 0 apart.
template <class T>
double ulps(T got, long double want) {
  const T rounded = static_cast<T>(want);
  if (std::isnan(got) || std::isnan(rounded)) return std::isnan(got) == std::isnan(rounded) ? 0 : HUGE_VAL;
  if (std::isinf(got) || std::isinf(rounded)) return got == rounded ? 0 : HUGE_VAL;
  const T magnitude = std::abs(rounded);
  T unit = magnitude - std::nextafter(magnitude, T{0});
  if (!(unit > std::numeric_limits<T>::denorm_min())) unit = std::numeric_limits<T>::denorm_min();
  return static_cast<double>(std::abs(static_cast<long double>(got) - want) / unit);
}

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

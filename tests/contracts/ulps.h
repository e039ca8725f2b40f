// Distances in units in the last place.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <heed/tensor/elementwise.h>
#include <heed/tensor/simd.h>

#include "support/reference.h"

namespace heed::test {

/// Puts back the SIMD target in force when it goes away.
class SimdTarget {
 public:
  SimdTarget() : before_(simd_target()) {}
  ~SimdTarget() { set_simd_target(before_); }
  SimdTarget(const SimdTarget&) = delete;
  SimdTarget& operator=(const SimdTarget&) = delete;

 private:
  std::string before_;
};

/// The unit in the last place of x in the precision of T; that of the smallest number for what is smaller.
template <class T>
double unit_of(double x) {
  const T magnitude = std::min(std::abs(static_cast<T>(x)), std::numeric_limits<T>::max());
  const T unit = magnitude - std::nextafter(magnitude, T{0});
  return static_cast<double>(std::max(unit, std::numeric_limits<T>::denorm_min()));
}

/// |got - want| in units in the last place of `want`. Equal infinities, and NaN against NaN, are 0 apart.
template <class T>
double ulps(T got, long double want) {
  const T rounded = static_cast<T>(want);
  if (std::isnan(got) || std::isnan(rounded)) {
    return std::isnan(got) == std::isnan(rounded) ? 0 : HUGE_VAL;
  }
  if (std::isinf(got) || std::isinf(rounded)) {
    return got == rounded ? 0 : HUGE_VAL;
  }
  return static_cast<double>(std::abs(static_cast<long double>(got) - want)) / unit_of<T>(rounded);
}

}  // namespace heed::test

// Distances in units in the last place.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

namespace heed::test {

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

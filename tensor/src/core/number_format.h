// Writes numbers at one width: NumPy's rules for digits, powers of ten and padding in a column.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace heed::detail {

/// The texts of `values`, all equally wide, after numpy.core.arrayprint.FloatingFormat ("maxprec"): the shortest
/// digits that identify a value, cut at `precision`; powers of ten for magnitudes of 1e8 and more, and unless
/// `suppress` for those below 1e-4 or more than a thousand times apart. T is float or double.
template <class T>
std::vector<std::string> format_floating(const std::vector<T>& values, int precision, bool suppress);

/// Right-aligned.
std::vector<std::string> format_integers(const std::vector<int64_t>& values);

}  // namespace heed::detail

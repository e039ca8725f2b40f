// Axes: round numbers for ticks, their texts, and the map from values to positions.
#pragma once

#include <string>
#include <vector>

namespace heed::figure {

/// The multiples of 1, 2 or 5 times a power of ten that lie in [low, high], as many as `most` allows.
std::vector<double> linear_ticks(double low, double high, int most);
/// Powers of ten in [low, high], and 2 and 5 times them if `most` allows; every second, third … power if there are more
/// than `most`.
std::vector<double> log_ticks(double low, double high, int most);

enum class NumberFormat {
  plain,   ///< 0.25, 2,500, 10⁶
  percent  ///< 0.25 is 25%
};
/// The texts of ticks: with equal digits after the point where steps are equal, with powers of ten from a million on.
std::vector<std::string> tick_labels(const std::vector<double>& ticks, NumberFormat format);

/// One axis: the map from values to positions.
struct Axis {
  double low = 0;
  double high = 1;
  bool logarithmic = false;
  double first = 0;  ///< position of `low`
  double last = 1;   ///< position of `high`

  double place(double value) const;
  std::vector<double> ticks(int most) const;
};

/// Bounds around [low, high]: with a margin, or from 0 if that is near.
Axis axis_around(double low, double high, bool logarithmic);

}  // namespace heed::figure

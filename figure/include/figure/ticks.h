// Axes: round numbers for ticks, their texts, and the map from values to places.
#pragma once

#include <string>
#include <vector>

namespace heed::figure {

/// The multiples of 1, 2 or 5 times a power of ten that lie in [low, high], as many as `most` allows.
std::vector<double> linear_ticks(double low, double high, int most);
/// Powers of ten in [low, high], every second, third … of them where they are more than `most`; 2 and 5 times them too
/// where `most` allows.
std::vector<double> log_ticks(double low, double high, int most);

enum class NumberFormat {
  plain,   ///< 0.25, 2,500, 10⁶
  percent  ///< 0.25 is 25%
};
/// The texts of ticks: with equal digits after the point where steps are equal, with powers of ten from a million on.
std::vector<std::string> tick_labels(const std::vector<double>& ticks, NumberFormat format);

/// One axis: values to places along it.
struct Axis {
  double low = 0;
  double high = 1;
  bool logarithmic = false;
  double first = 0;  ///< where `low` lies
  double last = 1;   ///< where `high` lies

  double place(double value) const;
  std::vector<double> ticks(int most) const;
};

/// Bounds around [low, high] that show all of it: with a margin, or from 0 where that is near.
Axis axis_around(double low, double high, bool logarithmic);

}  // namespace heed::figure

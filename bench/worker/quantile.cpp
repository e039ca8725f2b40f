// Order statistics by sorting.
#include "worker/quantile.h"

#include <algorithm>
#include <cmath>

namespace heed::bench {

double quantile(std::vector<double> values, double fraction) {
  std::sort(values.begin(), values.end());
  const double place = fraction * (static_cast<double>(values.size()) - 1);
  return values.at(static_cast<size_t>(std::lround(place)));
}

}  // namespace heed::bench

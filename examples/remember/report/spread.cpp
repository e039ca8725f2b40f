// Spread: see spread.h.
#include "report/spread.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <heed/tensor/error.h>

#include "text/number.h"

namespace remember {

Spread spread_of(const std::vector<double>& values) {
  heed::check(!values.empty(), "spread", "needs at least one value, got none");
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  return {sum / static_cast<double>(values.size()), *least, *most};
}

bool differ(const Spread& one, const Spread& other) {
  return std::abs(one.mean - other.mean) > std::max(one.most - one.least, other.most - other.least);
}

std::string spread_text(const std::vector<double>& values, const std::function<std::string(double)>& number,
                        const std::string& unit) {
  const Spread spread = spread_of(values);
  const std::string least = number(spread.least), most = number(spread.most);
  return number(spread.mean) + unit + (least == most ? "" : " (" + least + '-' + most + ')');
}

std::string percent_spread(const std::vector<double>& rates) {
  const Spread spread = spread_of(rates);
  if (std::isnan(spread.mean)) {
    return "not tested";
  }
  const std::string least = percent_number(spread.least), most = percent_number(spread.most);
  return percent(spread.mean) + (least == most ? "" : " (" + least + '-' + most + ')');
}

std::string count_spread(const std::vector<double>& counts) {
  return spread_text(counts, [](double value) { return grouped(std::llround(value)); });
}

}  // namespace remember

// Spread: mean and range of a measure over seeds, as numbers and as text.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace remember {

struct Spread {
  double mean = 0;
  double least = 0;
  double most = 0;
};

/// Of at least one value.
Spread spread_of(const std::vector<double>& values);

/// Whether the means differ by more than the larger of the two ranges. Less may be chance.
bool differ(const Spread& one, const Spread& other);
/// The same in words, for notes below tables.
inline constexpr const char* kDifferenceRule = "a difference of means within the larger range is not significant";

/// "MEAN UNIT (LEAST-MOST)", each number written by `number`; only the mean if all are written the same.
std::string spread_text(const std::vector<double>& values, const std::function<std::string(double)>& number,
                        const std::string& unit = "");
/// The same for rates: "99.5 % (99.0-99.9)".
std::string percent_spread(const std::vector<double>& rates);
/// The same for whole numbers: "6,400 (5,200-8,000)".
std::string count_spread(const std::vector<double>& counts);

}  // namespace remember

// LengthRange: an inclusive range of sequence lengths, in options "20" or "5:20".
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace remember {

struct LengthRange {
  int64_t min = 1;
  int64_t max = 1;
  friend bool operator==(const LengthRange&, const LengthRange&) = default;
};

/// "20" or "5:20". Throws UsageError naming `option`.
LengthRange parse_length_range(const std::string& text, const std::string& option);
/// A list: "5,10,65:128". Throws UsageError naming `option`, also for a range given twice.
std::vector<LengthRange> parse_length_ranges(const std::string& text, const std::string& option);
/// As in options.
std::string to_string(const LengthRange& range);

}  // namespace remember

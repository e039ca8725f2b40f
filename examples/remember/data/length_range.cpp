// LengthRange: see length_range.h.
#include "data/length_range.h"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "text/usage_error.h"
#include "text/words.h"

namespace remember {

namespace {

constexpr int64_t kLongest = 10'000;

/// Whether all of `text` is one number.
bool read_number(std::string_view text, int64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

LengthRange parse_length_range(const std::string& text, const std::string& option) {
  const size_t colon = text.find(':');
  LengthRange range;
  const bool min_read = read_number(std::string_view(text).substr(0, colon), range.min);
  const bool max_read =
      colon == std::string::npos ? min_read : read_number(std::string_view(text).substr(colon + 1), range.max);
  if (colon == std::string::npos) {
    range.max = range.min;
  }
  require(min_read && max_read, option, "a length or MIN:MAX, such as 20 or 5:20", "'" + text + "'");
  require(range.min >= 1 && range.max <= kLongest, option, "lengths from 1 to " + std::to_string(kLongest), text);
  require(range.min <= range.max, option, "MIN:MAX with MIN not above MAX", text);
  return range;
}

std::vector<LengthRange> parse_length_ranges(const std::string& text, const std::string& option) {
  std::vector<LengthRange> ranges;
  for (const std::string& word : split_list(text)) {
    const LengthRange range = parse_length_range(word, option);
    require(std::find(ranges.begin(), ranges.end(), range) == ranges.end(), option, "different lengths",
            to_string(range) + " twice");
    ranges.push_back(range);
  }
  return ranges;
}

std::string to_string(const LengthRange& range) {
  const std::string min = std::to_string(range.min);
  return range.min == range.max ? min : min + ':' + std::to_string(range.max);
}

}  // namespace remember

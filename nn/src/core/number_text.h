// Numbers for people, in any locale alike.
#pragma once

#include <charconv>
#include <cstdint>
#include <string>

namespace heed::detail {

/// 1234567 as "1,234,567".
inline std::string grouped(int64_t count) {
  const std::string digits = std::to_string(count);
  std::string result;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) {
      result.push_back(',');
    }
    result.push_back(digits[i]);
  }
  return result;
}

/// With `digits` behind the point.
inline std::string rounded(double number, int digits) {
  char text[64];
  const auto result = std::to_chars(text, text + sizeof text, number, std::chars_format::fixed, digits);
  return std::string(text, result.ptr);
}

}  // namespace heed::detail

// Numbers as text: see number.h.
#include "text/number.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace remember {

std::string grouped(int64_t number) {
  std::string text = std::to_string(number);
  const size_t first = number < 0 ? 1 : 0;
  for (size_t place = text.size(); place > first + 3;) {
    place -= 3;
    text.insert(place, 1, ',');
  }
  return text;
}

std::string fixed(double number, int digits) {
  std::array<char, 64> text{};
  const auto format = std::abs(number) < 1e15 ? std::chars_format::fixed : std::chars_format::general;
  const auto result = std::to_chars(text.data(), text.data() + text.size(), number, format, digits);
  return {text.data(), result.ptr};
}

std::string percent_number(double rate) {
  const double shown = rate <= 0 ? 0 : rate >= 1 ? 100 : std::clamp(rate * 100, 0.1, 99.9);
  return fixed(shown, 1);
}

std::string percent(double rate) { return percent_number(rate) + " %"; }

std::string clock(double seconds) {
  if (!std::isfinite(seconds) || seconds < 0) {
    return "-:--";
  }
  const auto whole = static_cast<int64_t>(std::min(std::round(seconds), 1e12));
  const auto two_digits = [](int64_t value) { return std::string(value < 10 ? "0" : "") + std::to_string(value); };
  const std::string minutes_on = two_digits(whole % 60);
  const int64_t minutes = whole / 60;
  return minutes < 60 ? std::to_string(minutes) + ':' + minutes_on
                      : std::to_string(minutes / 60) + ':' + two_digits(minutes % 60) + ':' + minutes_on;
}

std::string bytes(int64_t count) {
  constexpr std::array kUnits = {"B", "kB", "MB", "GB", "TB"};
  double value = static_cast<double>(count);
  size_t unit = 0;
  while (value >= 999.95 && unit + 1 < kUnits.size()) {
    value /= 1000;
    ++unit;
  }
  return fixed(value, unit == 0 ? 0 : 1) + ' ' + kUnits[unit];
}

}  // namespace remember

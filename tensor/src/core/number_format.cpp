// Digits come from std::to_chars: the shortest that identify a value, or exactly rounded ones where they are cut.
#include "core/number_format.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <string_view>

namespace heed::detail {

namespace {

/// sign, digits before the point, digits after it, and the power of ten with its sign ("+05") or nothing.
struct Decimal {
  std::string whole;
  std::string fraction;
  std::string exponent;
};

void trim_zeros(std::string& fraction) { fraction.resize(fraction.find_last_not_of('0') + 1); }

/// Takes apart what to_chars wrote.
Decimal parts_of(std::string_view text) {
  const size_t letter = std::min(text.find('e'), text.size());
  const size_t point = std::min(text.substr(0, letter).find('.'), letter);
  Decimal parts;
  parts.whole = text.substr(0, point);
  if (point < letter) {
    parts.fraction = text.substr(point + 1, letter - point - 1);
  }
  if (letter < text.size()) {
    parts.exponent = text.substr(letter + 1);
  }
  return parts;
}

template <class T, class... Precision>
Decimal decimal_of(T value, std::chars_format format, Precision... precision) {
  char buffer[512];  // A double below 1e8 cut at precision ≤ 400, or one digit and a power of ten.
  const auto result = std::to_chars(buffer, buffer + sizeof buffer, value, format, precision...);
  return parts_of(std::string_view(buffer, static_cast<size_t>(result.ptr - buffer)));
}

template <class T>
Decimal positional(T value, int precision) {
  Decimal parts = decimal_of(value, std::chars_format::fixed);
  if (static_cast<int>(parts.fraction.size()) > precision) {
    parts = decimal_of(value, std::chars_format::fixed, precision);
    trim_zeros(parts.fraction);
  }
  return parts;
}

template <class T>
Decimal scientific(T value, int precision) {
  Decimal parts = decimal_of(value, std::chars_format::scientific);
  if (static_cast<int>(parts.fraction.size()) > precision) {
    parts = decimal_of(value, std::chars_format::scientific, precision);
  }
  trim_zeros(parts.fraction);
  return parts;
}

template <class T>
bool needs_exponents(const std::vector<T>& finite, bool suppress) {
  T largest = 0;
  T smallest = std::numeric_limits<T>::infinity();
  for (const T value : finite) {
    if (value != 0) {
      largest = std::max(largest, std::abs(value));
      smallest = std::min(smallest, std::abs(value));
    }
  }
  if (largest == 0) {
    return false;
  }
  const bool far_apart = smallest < 0.0001 || largest / smallest > T{1000};
  return largest >= T{1e8} || (!suppress && far_apart);
}

std::string padded(const std::string& text, size_t width) {
  return std::string(width > text.size() ? width - text.size() : 0, ' ') + text;
}

/// The widths of a column, found from all its values.
struct Column {
  size_t whole = 0;
  size_t fraction = 0;
  size_t exponent = 0;  ///< digits; 0 without powers of ten

  void widen(const Decimal& parts) {
    whole = std::max(whole, parts.whole.size());
    fraction = std::max(fraction, parts.fraction.size());
    exponent = std::max(exponent, parts.exponent.empty() ? 0 : parts.exponent.size() - 1);
  }
  /// After the point: fraction, "e", sign and power.
  size_t right() const { return fraction + (exponent == 0 ? 0 : exponent + 2); }
};

template <class T>
std::string text_of(T value, const Column& column, int precision) {
  if (!std::isfinite(value)) {
    const char* name = std::isnan(value) ? "nan" : value < 0 ? "-inf" : "inf";
    return padded(name, column.whole + 1 + column.right());
  }
  if (column.exponent > 0) {
    // All digits of the column are written, also those beyond the shortest.
    Decimal parts = decimal_of(value, std::chars_format::scientific, static_cast<int>(column.fraction));
    parts.exponent.insert(1, column.exponent + 1 - parts.exponent.size(), '0');
    return padded(parts.whole, column.whole) + "." + parts.fraction + "e" + parts.exponent;
  }
  Decimal parts = positional(value, precision);
  parts.fraction.resize(column.fraction, ' ');
  return padded(parts.whole, column.whole) + "." + parts.fraction;
}

}  // namespace

template <class T>
std::vector<std::string> format_floating(const std::vector<T>& values, int precision, bool suppress) {
  std::vector<T> finite;
  std::copy_if(values.begin(), values.end(), std::back_inserter(finite), [](T value) { return std::isfinite(value); });
  const bool with_exponents = needs_exponents(finite, suppress);
  Column column;
  for (const T value : finite) {
    column.widen(with_exponents ? scientific(value, precision) : positional(value, precision));
  }
  for (const T value : values) {
    if (!std::isfinite(value)) {
      const size_t wanted = std::isinf(value) && value < 0 ? 4 : 3;
      const size_t right = column.right() + 1;
      column.whole = std::max(column.whole, wanted > right ? wanted - right : 0);
    }
  }
  std::vector<std::string> texts;
  for (const T value : values) {
    texts.push_back(text_of(value, column, precision));
  }
  return texts;
}
template std::vector<std::string> format_floating(const std::vector<float>&, int, bool);
template std::vector<std::string> format_floating(const std::vector<double>&, int, bool);

std::vector<std::string> format_integers(const std::vector<int64_t>& values) {
  std::vector<std::string> texts;
  size_t width = 0;
  for (const int64_t value : values) {
    texts.push_back(std::to_string(value));
    width = std::max(width, texts.back().size());
  }
  for (std::string& text : texts) {
    text = padded(text, width);
  }
  return texts;
}

}  // namespace heed::detail

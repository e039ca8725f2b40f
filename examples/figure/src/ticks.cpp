// Chooses ticks and writes numbers.
#include "figure/ticks.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "label.h"

namespace heed::figure {

namespace {

constexpr double kSlack = 1e-9;  ///< share of a step: tolerance for rounded bounds

/// 2500 → "2,500".
std::string with_separators(std::string digits) {
  const size_t point = std::min(digits.find('.'), digits.size());
  const size_t start = digits[0] == '-' ? 1 : 0;
  for (size_t i = point; i > start + 3; i -= 3) {
    digits.insert(i - 3, 1, ',');
  }
  return digits;
}

std::string power_of_ten(int exponent) {
  constexpr const char* kSuperscripts[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string text = exponent < 0 ? "10⁻" : "10";
  for (const char digit : std::to_string(std::abs(exponent))) {
    text += kSuperscripts[digit - '0'];
  }
  return text;
}

/// 3000000 → "3×10⁶".
std::string scientific(double value) {
  int exponent = static_cast<int>(std::floor(std::log10(std::abs(value)) + kSlack));
  char buffer[32];
  const auto result =
      std::to_chars(buffer, buffer + sizeof buffer, value / std::pow(10, exponent), std::chars_format::general, 4);
  const std::string factor(buffer, result.ptr);
  return factor == "1" ? power_of_ten(exponent) : factor + "×" + power_of_ten(exponent);
}

/// Whether all steps are equal, as on a linear axis.
bool is_even(const std::vector<double>& ticks) {
  for (size_t i = 2; i < ticks.size(); ++i) {
    const double step = ticks[1] - ticks[0];
    if (std::abs(ticks[i] - ticks[i - 1] - step) > 1e-6 * std::abs(step)) {
      return false;
    }
  }
  return true;
}

/// The digits after the point that a step of a tick's axis, or a tick alone, needs.
int decimals_of(double step) {
  int decimals = 0;
  for (double scaled = step; decimals < 9 && std::abs(scaled - std::round(scaled)) > 1e-6; scaled *= 10) {
    ++decimals;
  }
  return decimals;
}

}  // namespace

std::vector<double> linear_ticks(double low, double high, int most) {
  const double span = high - low;
  if (!(span > 0)) {
    return {low};
  }
  const double wanted = span / std::max(1, most);
  const double power = std::pow(10, std::floor(std::log10(wanted)));
  for (const double factor : {1.0, 2.0, 5.0, 10.0, 20.0, 50.0}) {
    const double step = factor * power;
    const double first = std::ceil(low / step - kSlack);
    const double last = std::floor(high / step + kSlack);
    if (last - first + 1 <= most) {
      std::vector<double> ticks;
      for (double i = first; i <= last; ++i) {
        ticks.push_back(i * step);
      }
      return ticks;
    }
  }
  return {low};
}

std::vector<double> log_ticks(double low, double high, int most) {
  const auto inside = [&](double value) { return value >= low * (1 - kSlack) && value <= high * (1 + kSlack); };
  const int first = static_cast<int>(std::floor(std::log10(low)));
  const int last = static_cast<int>(std::ceil(std::log10(high)));
  for (const std::vector<double>& factors : {std::vector<double>{1, 2, 5}, std::vector<double>{1}}) {
    std::vector<double> ticks;
    for (int exponent = first; exponent <= last; ++exponent) {
      for (const double factor : factors) {
        const double tick = factor * std::pow(10, exponent);
        if (inside(tick)) {
          ticks.push_back(tick);
        }
      }
    }
    if (static_cast<int>(ticks.size()) <= most && ticks.size() >= 2) {
      return ticks;
    }
    if (factors.size() == 1 && ticks.size() >= 2) {
      const size_t stride = (ticks.size() + static_cast<size_t>(most) - 1) / static_cast<size_t>(most);
      std::vector<double> some;
      for (size_t i = 0; i < ticks.size(); i += stride) {
        some.push_back(ticks[i]);
      }
      return some;
    }
  }
  return linear_ticks(low, high, most);  // Less than a decade.
}

std::vector<std::string> tick_labels(const std::vector<double>& ticks, NumberFormat format) {
  std::vector<double> shown = ticks;
  if (format == NumberFormat::percent) {
    std::for_each(shown.begin(), shown.end(), [](double& tick) { tick *= 100; });
  }
  double largest = 0;
  double smallest = 1;
  for (const double tick : shown) {
    largest = std::max(largest, std::abs(tick));
    smallest = std::min(smallest, tick == 0 ? 1 : std::abs(tick));
  }
  const bool with_powers = largest >= 1e6 || smallest < 1e-4;
  const bool shares_decimals = shown.size() > 1 && is_even(shown);
  std::vector<std::string> labels;
  for (const double tick : shown) {
    const int decimals = decimals_of(shares_decimals ? shown[1] - shown[0] : tick);
    const std::string label = with_powers && tick != 0 ? scientific(tick) : with_separators(fixed(tick, decimals));
    labels.push_back(format == NumberFormat::percent ? label + "%" : label);
  }
  return labels;
}

double Axis::place(double value) const {
  const double share = logarithmic ? std::log(value / low) / std::log(high / low) : (value - low) / (high - low);
  return first + share * (last - first);
}

std::vector<double> Axis::ticks(int most) const {
  return logarithmic ? log_ticks(low, high, most) : linear_ticks(low, high, most);
}

Axis axis_around(double low, double high, bool logarithmic) {
  Axis axis;
  axis.logarithmic = logarithmic;
  constexpr double kMargin = 0.04;
  if (logarithmic) {
    const double factor = low == high ? 2 : std::pow(high / low, kMargin);
    axis.low = low / factor;
    axis.high = high * factor;
    return axis;
  }
  const double margin = high > low ? kMargin * (high - low) : std::max(1.0, 0.5 * std::abs(high));
  const bool from_zero = low >= 0 && low <= 0.5 * high;
  axis.low = from_zero ? 0 : low - margin;
  axis.high = high + margin;
  return axis;
}

}  // namespace heed::figure

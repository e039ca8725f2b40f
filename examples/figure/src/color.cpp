// Viridis, interpolated between twenty of its colours; the difference is not visible.
#include "color.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace heed::figure {

namespace {

constexpr Color from_hexadecimal(uint32_t rgb) {
  return {static_cast<uint8_t>(rgb >> 16), static_cast<uint8_t>(rgb >> 8 & 0xFF), static_cast<uint8_t>(rgb & 0xFF)};
}

constexpr std::array<uint32_t, 20> kViridis = {0x440154, 0x481568, 0x482677, 0x453781, 0x3F4788, 0x39558C, 0x32648E,
                                               0x2D718E, 0x287D8E, 0x238A8D, 0x1F968B, 0x20A386, 0x29AF7F, 0x3CBC75,
                                               0x56C667, 0x74D055, 0x94D840, 0xB8DE29, 0xDCE318, 0xFDE725};

/// Blue, vermilion, green, orange, purple, sky blue, black; grey for their yellow, which is hard to see on white.
constexpr std::array<uint32_t, 8> kLines = {0x0072B2, 0xD55E00, 0x009E73, 0xE69F00,
                                            0xCC79A7, 0x56B4E9, 0x000000, 0x999999};

uint8_t blended(uint8_t a, uint8_t b, double share) { return static_cast<uint8_t>(std::lround(a + (b - a) * share)); }

/// The linear intensity of a channel (IEC 61966-2-1).
double linear_light(uint8_t channel) {
  const double value = channel / 255.0;
  return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

}  // namespace

Color viridis(double value) {
  if (std::isnan(value)) {
    return kMissing;
  }
  const double place = std::clamp(value, 0.0, 1.0) * (kViridis.size() - 1);
  const size_t below = std::min(static_cast<size_t>(place), kViridis.size() - 2);
  const Color a = from_hexadecimal(kViridis[below]);
  const Color b = from_hexadecimal(kViridis[below + 1]);
  const double share = place - static_cast<double>(below);
  return {blended(a.red, b.red, share), blended(a.green, b.green, share), blended(a.blue, b.blue, share)};
}

Color line_color(size_t index) { return from_hexadecimal(kLines[index % kLines.size()]); }

Color ink_on(Color background) {
  const double light = 0.2126 * linear_light(background.red) + 0.7152 * linear_light(background.green) +
                       0.0722 * linear_light(background.blue);
  // Equal contrast to black and to white, by WCAG 2's formula.
  return light > 0.179 ? Color{0, 0, 0} : kWhite;
}

}  // namespace heed::figure

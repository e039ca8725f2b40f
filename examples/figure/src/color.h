// Colours: viridis for values, a palette for lines that colour-blind people can distinguish.
#pragma once

#include <cstddef>
#include <cstdint>

namespace heed::figure {

struct Color {
  uint8_t red = 0;
  uint8_t green = 0;
  uint8_t blue = 0;
  double alpha = 1;
  friend bool operator==(const Color&, const Color&) = default;
};

inline constexpr Color kWhite{255, 255, 255};
inline constexpr Color kInk{34, 34, 34};          ///< text
inline constexpr Color kFaintInk{110, 110, 110};  ///< notes
inline constexpr Color kGridInk{226, 226, 226};
inline constexpr Color kErrorInk{200, 16, 46};
inline constexpr Color kMissing{190, 190, 190};  ///< cells that are NaN

/// The viridis colour map (Smith and van der Walt 2015): 0 is dark violet, 1 yellow; other values are clamped, NaN is
/// grey.
Color viridis(double value);
/// Colour `index` of the palette of Okabe and Ito 2008, "Color universal design", with grey for yellow; repeats
/// after eight.
Color line_color(size_t index);
/// Black or white, whichever has more contrast on `background`.
Color ink_on(Color background);

}  // namespace heed::figure

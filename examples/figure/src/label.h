// Prepares texts for drawing: valid UTF-8, shortened to the width, broken into lines.
#pragma once

#include <string>
#include <vector>

#include "canvas.h"

namespace heed::figure {

/// Invalid UTF-8 and control characters replaced by U+FFFD; a single space shown as "␣".
std::string printable(const std::string& text);
/// `text`, cut with "…" where it is wider than `width`.
std::string shortened(const std::string& text, double width, const TextStyle& style);
/// Lines of whole words no wider than `width` and about equally long; a longer word is shortened.
std::vector<std::string> wrapped(const std::string& text, double width, const TextStyle& style);
/// With so many digits behind the point; never "-0".
std::string fixed(double value, int decimals);

}  // namespace heed::figure

// The width of text on a terminal.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace remember {

/// Columns of a UTF-8 text: its number of code points.
int64_t text_width(std::string_view text);
/// The text filled with spaces to `width` columns, on its right or (`right`) on its left.
std::string padded(std::string_view text, int64_t width, bool right = false);
/// The text cut to at most `width` columns, with an ellipsis at the end if it was cut.
std::string shortened(std::string_view text, int64_t width);

}  // namespace remember

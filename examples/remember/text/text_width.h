// How wide text is on a terminal.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace remember {

/// Columns a UTF-8 text takes: its code points, each counted as one column.
int64_t text_width(std::string_view text);
/// The text with spaces added, behind it or (right) before it, to `width` columns.
std::string padded(std::string_view text, int64_t width, bool right = false);
/// The text cut to at most `width` columns, its last one an ellipsis if anything was cut.
std::string shortened(std::string_view text, int64_t width);

}  // namespace remember

// Text widths: see text_width.h.
#include "text/text_width.h"

#include <algorithm>

namespace remember {

namespace {
bool begins_character(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) != 0x80; }
}  // namespace

int64_t text_width(std::string_view text) { return std::count_if(text.begin(), text.end(), begins_character); }

std::string padded(std::string_view text, int64_t width, bool right) {
  const std::string space(static_cast<size_t>(std::max<int64_t>(0, width - text_width(text))), ' ');
  return right ? space + std::string(text) : std::string(text) + space;
}

std::string shortened(std::string_view text, int64_t width) {
  if (text_width(text) <= width) {
    return std::string(text);
  }
  int64_t columns = 0;
  size_t end = 0;
  while (end < text.size() && (columns += begins_character(text[end]) ? 1 : 0) < width) {
    ++end;
  }
  return std::string(text.substr(0, end)) + "…";
}

}  // namespace remember

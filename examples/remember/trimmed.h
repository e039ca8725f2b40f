// trimmed: a text without what stands around it.
#pragma once

#include <algorithm>
#include <string_view>

namespace remember {

/// The text without the blanks, or other characters, at its beginning and end.
inline std::string_view trimmed(std::string_view text, std::string_view blanks = " ") {
  const size_t begin = std::min(text.find_first_not_of(blanks), text.size());
  return text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
}

}  // namespace remember

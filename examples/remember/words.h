// Words of texts that people give: lists with commas between them, and words in any case.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "trimmed.h"

namespace remember {

/// The words between the commas, without the blanks around them; one more than there are commas.
inline std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> words;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find(',', begin), text.size());
    words.emplace_back(trimmed(text.substr(begin, end - begin)));
    begin = end + 1;
  }
  return words;
}

/// The text with small letters in place of ASCII's capitals, under every locale.
inline std::string in_small_letters(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

}  // namespace remember

// joined: words in one text.
#pragma once

#include <string>
#include <string_view>

namespace remember {

/// The words with the separator between them.
template <class Words>
std::string joined(const Words& words, std::string_view separator = " ") {
  std::string text;
  bool first = true;
  for (const auto& word : words) {
    text += first ? std::string_view() : separator;
    text += word;
    first = false;
  }
  return text;
}

}  // namespace remember

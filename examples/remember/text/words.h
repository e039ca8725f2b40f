// Words in texts: lists with commas between them, joined and split.
#pragma once

#include <string>
#include <string_view>
#include <vector>

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

/// The text without the blanks, or other characters, at its start and end.
std::string_view trimmed(std::string_view text, std::string_view blanks = " ");

/// The words between the commas, trimmed; one more than there are commas.
std::vector<std::string> split_list(std::string_view text);

/// The same. Throws UsageError naming `option` when a word is empty or given twice.
std::vector<std::string> parse_list(const std::string& text, const std::string& option);

/// The text with ASCII capitals in lower case, under every locale.
std::string in_lower_case(std::string text);

}  // namespace remember

// Words in texts: see words.h.
#include "text/words.h"

#include <algorithm>

#include "text/usage_error.h"

namespace remember {

std::string_view trimmed(std::string_view text, std::string_view blanks) {
  const size_t begin = std::min(text.find_first_not_of(blanks), text.size());
  return text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
}

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> words;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find(',', begin), text.size());
    words.emplace_back(trimmed(text.substr(begin, end - begin)));
    begin = end + 1;
  }
  return words;
}

std::vector<std::string> parse_list(const std::string& text, const std::string& option) {
  std::vector<std::string> words = split_list(text);
  for (auto word = words.begin(); word != words.end(); ++word) {
    require(!word->empty(), option, "names with commas between them", "'" + text + "'");
    require(std::find(words.begin(), word, *word) == word, option, "different names", "'" + *word + "' twice");
  }
  return words;
}

std::string in_lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

}  // namespace remember

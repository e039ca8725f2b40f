// Walks over UTF-8 by code points.
#include "label.h"

#include <algorithm>
#include <charconv>
#include <locale>
#include <sstream>
#include <string_view>

#include <heed/tensor/utf8.h>

namespace heed::figure {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr std::string_view kEllipsis = "…";

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

/// Each line takes as many words as fit.
std::vector<std::string> filled_lines(const std::vector<std::string>& words, double width, const TextStyle& style) {
  std::vector<std::string> lines;
  for (const std::string& word : words) {
    const std::string longer = lines.empty() ? word : lines.back() + " " + word;
    if (!lines.empty() && text_width(longer, style) <= width) {
      lines.back() = longer;
    } else {
      lines.push_back(word);
    }
  }
  return lines;
}

}  // namespace

std::string printable(const std::string& text) {
  if (text == " ") {
    return "␣";
  }
  std::string out;
  for (std::string_view rest = text; !rest.empty();) {
    const size_t bytes = utf8_length(rest);
    const auto first = static_cast<unsigned char>(rest[0]);
    const bool is_control = first < 0x20 || first == 0x7F;
    out += bytes == 0 || is_control ? kReplacement : rest.substr(0, bytes);
    rest.remove_prefix(bytes == 0 ? 1 : bytes);
  }
  return out;
}

std::string shortened(const std::string& text, double width, const TextStyle& style) {
  if (text_width(text, style) <= width) {
    return text;
  }
  std::string start = text;
  while (!start.empty()) {
    while (is_continuation(start.back())) {
      start.pop_back();
    }
    start.pop_back();
    std::string cut = start + std::string(kEllipsis);
    if (text_width(cut, style) <= width) {
      return cut;
    }
  }
  return std::string(kEllipsis);
}

std::vector<std::string> wrapped(const std::string& text, double width, const TextStyle& style) {
  std::vector<std::string> words;
  std::istringstream stream(text);
  stream.imbue(std::locale::classic());  // in Latin-1 the byte A0, a part of "à", is a space
  double widest = 0;
  for (std::string word; stream >> word;) {
    words.push_back(shortened(word, width, style));
    widest = std::max(widest, text_width(words.back(), style));
  }
  const std::vector<std::string> filled = filled_lines(words, width, style);
  // The same number of lines, but of about equal length.
  std::vector<std::string> lines = filled;
  for (double narrow = width * 0.97; filled.size() > 1 && narrow >= widest; narrow *= 0.97) {
    const std::vector<std::string> shorter = filled_lines(words, narrow, style);
    if (shorter.size() > filled.size()) {
      break;
    }
    lines = shorter;
  }
  return lines;
}

std::string fixed(double value, int decimals) {
  char buffer[400];
  const auto result = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed, decimals);
  std::string text(buffer, result.ptr);
  return text.find_first_not_of("-0.") == std::string::npos && text[0] == '-' ? text.substr(1) : text;
}

}  // namespace heed::figure

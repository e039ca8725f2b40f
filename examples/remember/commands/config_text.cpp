// Reads the text of configuration files: see config_text.h.
#include "commands/config_text.h"

#include <algorithm>
#include <istream>
#include <map>
#include <string_view>
#include <utility>

#include <heed/tensor/utf8.h>

#include "text/usage_error.h"
#include "text/words.h"

namespace remember {

namespace {

constexpr std::string_view kBlanks = " \t\r";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
/// Letters after a backslash in "…", and the characters they mean.
constexpr std::string_view kEscapes = "\"\\nrt", kEscaped = "\"\\\n\r\t";

constexpr size_t kLongestLine = 16'384, kLongestName = 100;
constexpr int64_t kMostLines = 2000;

std::string_view without_blanks(std::string_view text) { return trimmed(text, kBlanks); }

/// The text before a comment, which starts with # or ; at the start or after a blank.
std::string_view without_comment(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    if ((text[i] == '#' || text[i] == ';') && (i == 0 || kBlanks.find(text[i - 1]) != std::string_view::npos)) {
      return text.substr(0, i);
    }
  }
  return text;
}

class Reader {
 public:
  Reader(std::istream& input, const std::string& file) : input_(input), file_(file) {}

  std::vector<ConfigLine> read() {
    for (std::string text; next_line(text);) {
      std::string_view line = text;
      if (number_ == 1 && line.starts_with(kByteOrderMark)) {
        line.remove_prefix(kByteOrderMark.size());
      }
      refuse_unless(line.find('\0') == std::string_view::npos, "must be a line of text in UTF-8, got a byte 0");
      line = without_blanks(line);
      if (!without_comment(line).empty()) {
        line.front() == '[' ? read_section(line) : read_key(line);
      }
    }
    return std::move(lines_);
  }

 private:
  /// False at the end of the file.
  bool next_line(std::string& text) {
    text.clear();
    ++number_;
    refuse_unless(number_ <= kMostLines, "a file must have at most " + std::to_string(kMostLines) + " lines, got more");
    int character = input_.get();
    const bool has_line = character != std::istream::traits_type::eof();
    for (; character != std::istream::traits_type::eof() && character != '\n'; character = input_.get()) {
      text += static_cast<char>(character);
      if (text.size() > kLongestLine) {
        refuse_unless(false, "a line must have at most " + std::to_string(kLongestLine) + " bytes, got more");
      }
    }
    return has_line;
  }

  void refuse_long_name(const std::string& name, const std::string& kind) const {
    refuse_unless(name.size() <= kLongestName, "the name of " + kind + " must have at most " +
                                                   std::to_string(kLongestName) + " bytes, got '" +
                                                   heed::printable(name, 40) + "'");
  }

  void refuse_unless(bool condition, const std::string& what) const {
    if (!condition) {
      throw UsageError(config_place(file_, number_) + what);
    }
  }

  void read_section(std::string_view line) {
    line = without_blanks(without_comment(line));
    refuse_unless(line.back() == ']' && line.size() > 2,
                  "a section must be [NAME], got '" + heed::printable(line, 80) + "'");
    section_ = without_blanks(line.substr(1, line.size() - 2));
    refuse_long_name(section_, "a section");
    lines_.push_back({number_, section_, "", std::nullopt});
  }

  void read_key(std::string_view line) {
    const size_t equals = std::min(line.find('='), without_comment(line).size());
    ConfigLine read = {number_, section_, std::string(without_blanks(line.substr(0, equals))), std::nullopt};
    refuse_long_name(read.key, "an option");
    refuse_unless(!read.key.empty(), "must be key=value, got '" + heed::printable(line, 80) + "'");
    if (equals < line.size() && line[equals] == '=') {
      read.value = read_value(read.key, without_blanks(line.substr(equals + 1)));
    }
    if (const size_t dot = read.key.find('.'); section_.empty() && dot != std::string::npos) {
      read.section = read.key.substr(0, dot);
      read.key.erase(0, dot + 1);
    }
    const auto [first, is_new] = first_lines_.insert({{read.section, read.key}, number_});
    refuse_unless(is_new, read.key + ": must be given once, got it in line " + std::to_string(first->second) + " too");
    lines_.push_back(std::move(read));
  }

  std::string read_value(const std::string& key, std::string_view text) const {
    std::string value;
    if (text.empty() || (text.front() != '"' && text.front() != '\'')) {
      value = without_blanks(without_comment(text));
      refuse_unless(!value.empty(), key + ": must be given a value, got none (\"\" is the empty text)");
      return value;
    }
    size_t i = 1;
    for (; i < text.size() && text[i] != text.front(); ++i) {
      value += text[i] == '\\' && text.front() == '"' ? escaped(text, ++i) : text[i];
    }
    refuse_unless(i < text.size(),
                  std::string("a value must end with its quotation mark, got ") + heed::printable(text, 80));
    const std::string_view rest = text.substr(i + 1);
    refuse_unless(
        without_blanks(without_comment(rest)).empty(),
        "nothing may follow a value in quotation marks, got '" + heed::printable(without_blanks(rest), 80) + "'");
    return value;
  }

  char escaped(std::string_view text, size_t i) const {
    const size_t which = i < text.size() ? kEscapes.find(text[i]) : std::string_view::npos;
    refuse_unless(which != std::string_view::npos,
                  "a backslash between \"…\" must be one of \\\" \\\\ \\n \\r \\t, got " + heed::printable(text, 80) +
                      " (between '…' it stands for itself)");
    return kEscaped[which];
  }

  std::istream& input_;
  const std::string& file_;
  int64_t number_ = 0;
  std::string section_;
  std::vector<ConfigLine> lines_;
  std::map<std::pair<std::string, std::string>, int64_t> first_lines_;
};

}  // namespace

std::vector<ConfigLine> read_config_lines(std::istream& input, const std::string& file) {
  return Reader(input, file).read();
}

std::string config_place(const std::string& file, int64_t line) { return file + ':' + std::to_string(line) + ": "; }

std::string config_value(const std::string& value) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./+:,@%";
  if (!value.empty() && value.find_first_not_of(kPlain) == std::string::npos) {
    return value;
  }
  std::string quoted = "\"";
  for (const char character : value) {
    const size_t which = kEscaped.find(character);
    quoted += which == std::string_view::npos ? std::string(1, character) : std::string("\\") + kEscapes[which];
  }
  return quoted + '"';
}

}  // namespace remember

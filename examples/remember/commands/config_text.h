// The text of configuration files: sections, and in them lines `key = value`. What the keys mean is config_file.h's.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace remember {

struct ConfigLine {
  int64_t number = 0;
  std::string section;               ///< empty before the first; `command.key` there stands for a key in [command]
  std::string key;                   ///< empty: the line begins the section
  std::optional<std::string> value;  ///< absent where there is no '='
};

/// The lines of a file in UTF-8, a byte-order mark before it skipped. A value is all that stands behind '=', without
/// the blanks around it and without a comment (# or ; behind a blank, to the end of the line). Between '…' everything
/// stands for itself, between "…" \" \\ \n \r \t stand for characters. Throws UsageError "FILE:LINE: what is wrong",
/// also for a key that a section has twice.
std::vector<ConfigLine> read_config_lines(std::istream& input, const std::string& file);

/// "FILE:LINE: ".
std::string config_place(const std::string& file, int64_t line);

/// The value as it must be written behind '=' to be read back the same.
std::string config_value(const std::string& value);

}  // namespace remember

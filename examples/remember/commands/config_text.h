// The syntax of configuration files: sections with lines `key = value`. Meaning of the keys: config_file.h.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace remember {

struct ConfigLine {
  int64_t number = 0;
  std::string section;               ///< empty before the first; there `command.key` means a key in [command]
  std::string key;                   ///< empty: the line starts the section
  std::optional<std::string> value;  ///< absent without '='
};

/// The lines of a file in UTF-8, with or without a byte-order mark. A value is all text after '=', without blanks
/// around it and without a comment (# or ; after a blank, to the end of the line). '…' quotes everything; in "…" the
/// escapes are
/// \" \\ \n \r \t. A file has at most 2,000 lines of 16,384 bytes, a name at most 100 bytes. Throws UsageError
/// "FILE:LINE: …", also for a key given twice in a section.
std::vector<ConfigLine> read_config_lines(std::istream& input, const std::string& file);

/// "FILE:LINE: ".
std::string config_place(const std::string& file, int64_t line);

/// The value quoted so that it is read back the same.
std::string config_value(const std::string& value);

}  // namespace remember

// Reads pairs: see pairs.h.
#include "data/pairs.h"

#include <algorithm>
#include <utility>

#include <heed/tensor/error.h>
#include <heed/tensor/text_file.h>

#include "data/token_hash.h"
#include "usage_error.h"

namespace remember {

namespace {

struct TextPair {
  std::string source;
  std::string target;
  int64_t line = 0;
};

std::vector<std::string> cut_at_spaces(std::string_view text) {
  std::vector<std::string> tokens;
  size_t begin = 0;
  while ((begin = text.find_first_not_of(' ', begin)) != std::string_view::npos) {
    const size_t end = std::min(text.find(' ', begin), text.size());
    tokens.emplace_back(text.substr(begin, end - begin));
    begin = end;
  }
  return tokens;
}

/// Bytes of the code point that begins with `first`; 0 when none does.
size_t code_point_bytes(unsigned char first) {
  return first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
}

std::vector<std::string> cut_characters(std::string_view text) {
  std::vector<std::string> tokens;
  for (size_t begin = 0; begin < text.size();) {
    const size_t bytes = code_point_bytes(static_cast<unsigned char>(text[begin]));
    bool valid = bytes > 0 && begin + bytes <= text.size();
    for (size_t i = 1; valid && i < bytes; ++i) {
      valid = (static_cast<unsigned char>(text[begin + i]) & 0xc0) == 0x80;
    }
    heed::check(valid, "text", "must be UTF-8 to be cut into characters, got a broken one at byte ", begin + 1);
    tokens.emplace_back(text.substr(begin, bytes));
    begin += bytes;
  }
  return tokens;
}

/// Throws FileError "path:line: what".
[[noreturn]] void refuse(const std::string& path, int64_t line, const std::string& what) {
  throw heed::FileError(path + ':' + std::to_string(line) + ": " + what);
}

std::vector<TextPair> read_lines(const std::string& path) {
  heed::LineReader reader(path);
  std::vector<TextPair> lines;
  std::string line;
  while (reader.next(line)) {
    const auto tabs = std::count(line.begin(), line.end(), '\t');
    if (tabs != 1) {
      const std::string got = tabs == 0 ? "no tab" : std::to_string(tabs) + " tabs";
      refuse(path, reader.line_number(), "a line must be source TAB target, got " + got);
    }
    const size_t tab = line.find('\t');
    lines.push_back({line.substr(0, tab), line.substr(tab + 1), reader.line_number()});
  }
  heed::check<heed::FileError>(!lines.empty(), path, "must hold lines of source TAB target, got none");
  return lines;
}

Cut resolve(Cut cut, const std::vector<TextPair>& lines, std::string TextPair::*side) {
  if (cut != Cut::automatic) {
    return cut;
  }
  const bool spaced = std::any_of(lines.begin(), lines.end(),
                                  [side](const TextPair& line) { return (line.*side).find(' ') != std::string::npos; });
  return spaced ? Cut::space : Cut::character;
}

std::vector<std::string> cut_side(const std::string& path, const TextPair& pair, std::string TextPair::*side, Cut cut) {
  const std::string name = side == &TextPair::source ? "source" : "target";
  std::vector<std::string> tokens;
  try {
    tokens = cut_tokens(pair.*side, cut);
  } catch (const heed::ValueError& error) {
    refuse(path, pair.line, name + ' ' + error.what());
  }
  if (tokens.empty()) {
    refuse(path, pair.line, name + " must have at least one token, got none");
  }
  return tokens;
}

}  // namespace

Cut parse_cut(const std::string& text, const std::string& option) {
  for (const Cut cut : {Cut::automatic, Cut::space, Cut::character}) {
    if (text == to_string(cut)) {
      return cut;
    }
  }
  throw UsageError(option + ": must be auto, space or char, got '" + text + "'");
}

std::string to_string(Cut cut) { return cut == Cut::automatic ? "auto" : cut == Cut::space ? "space" : "char"; }

std::vector<std::string> cut_tokens(std::string_view text, Cut cut) {
  return cut == Cut::character ? cut_characters(text) : cut_at_spaces(text);
}

Pairs read_pairs(const std::string& path, Cut source_cut, Cut target_cut) {
  const std::vector<TextPair> lines = read_lines(path);
  Pairs result;
  result.path = path;
  result.source_cut = resolve(source_cut, lines, &TextPair::source);
  result.target_cut = resolve(target_cut, lines, &TextPair::target);
  result.pairs.reserve(lines.size());
  for (const TextPair& line : lines) {
    result.pairs.push_back({cut_side(path, line, &TextPair::source, result.source_cut),
                            cut_side(path, line, &TextPair::target, result.target_cut), line.line});
    result.fingerprint = hash_bytes(line.target, hash_bytes(line.source, result.fingerprint));
  }
  return result;
}

}  // namespace remember

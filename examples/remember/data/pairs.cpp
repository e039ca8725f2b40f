// Reads pairs: see pairs.h.
#include "data/pairs.h"

#include <algorithm>
#include <utility>

#include <heed/tensor/error.h>
#include <heed/tensor/text_file.h>
#include <heed/tensor/utf8.h>

#include "data/token_hash.h"
#include "text/usage_error.h"

namespace remember {

namespace {

using Line = PairsText::Line;

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

std::vector<std::string> cut_characters(std::string_view text) {
  std::vector<std::string> tokens;
  for (size_t begin = 0; begin < text.size();) {
    const std::string_view rest = text.substr(begin);
    const size_t bytes = heed::utf8_length(rest);
    heed::check(bytes > 0, "text", "must be UTF-8 to be cut into characters, got ",
                bytes > 0 ? "" : heed::describe_invalid_utf8(rest), " at byte ", begin + 1);
    tokens.emplace_back(rest.substr(0, bytes));
    begin += bytes;
  }
  return tokens;
}

/// Throws heed::FileError "path:line: what".
[[noreturn]] void refuse(const std::string& path, int64_t line, const std::string& what) {
  throw heed::FileError(path + ':' + std::to_string(line) + ": " + what);
}

/// Throws heed::FileError with the position of the first invalid UTF-8.
void require_utf8(const heed::LineReader& reader, const std::string& line) {
  const size_t place = heed::find_invalid_utf8(line);
  if (place < line.size()) {
    const std::string_view text = line;
    const auto column = 1 + cut_characters(text.substr(0, place)).size();
    heed::fail<heed::FileError>(
        reader.path() + ':' + std::to_string(reader.line_number()) + ':' + std::to_string(column),
        "must be UTF-8, got ", heed::describe_invalid_utf8(text.substr(place)), " (columns count characters)");
  }
}

Cut resolve(Cut cut, const std::vector<Line>& lines, std::string Line::*side) {
  if (cut != Cut::automatic) {
    return cut;
  }
  const bool spaced = std::any_of(lines.begin(), lines.end(),
                                  [side](const Line& line) { return (line.*side).find(' ') != std::string::npos; });
  return spaced ? Cut::space : Cut::character;
}

std::vector<std::string> cut_side(const std::string& path, const Line& pair, std::string Line::*side, Cut cut) {
  std::vector<std::string> tokens = cut_tokens(pair.*side, cut);
  if (tokens.empty()) {
    refuse(path, pair.line,
           std::string(side == &Line::source ? "source" : "target") + " must have at least one token, got none");
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

PairsText read_pairs_text(const std::string& path, const std::function<void()>& while_waiting) {
  heed::LineReader reader(path, while_waiting);
  PairsText text{path, {}};
  std::string line;
  while (reader.next(line)) {
    require_utf8(reader, line);
    const auto tabs = std::count(line.begin(), line.end(), '\t');
    if (tabs != 1) {
      const std::string got = tabs == 0 ? "no tab" : std::to_string(tabs) + " tabs";
      refuse(path, reader.line_number(), "a line must be source TAB target, got " + got);
    }
    const size_t tab = line.find('\t');
    text.lines.push_back({line.substr(0, tab), line.substr(tab + 1), reader.line_number()});
  }
  heed::check<heed::FileError>(!text.lines.empty(), path, "must hold lines of source TAB target, got none");
  return text;
}

Pairs cut_pairs(const PairsText& text, Cut source_cut, Cut target_cut) {
  Pairs result;
  result.path = text.path;
  result.source_cut = resolve(source_cut, text.lines, &Line::source);
  result.target_cut = resolve(target_cut, text.lines, &Line::target);
  result.pairs.reserve(text.lines.size());
  for (const Line& line : text.lines) {
    result.pairs.push_back({cut_side(text.path, line, &Line::source, result.source_cut),
                            cut_side(text.path, line, &Line::target, result.target_cut), line.line});
    result.fingerprint = hash_bytes(line.target, hash_bytes(line.source, result.fingerprint));
  }
  return result;
}

Pairs read_pairs(const std::string& path, Cut source_cut, Cut target_cut) {
  return cut_pairs(read_pairs_text(path), source_cut, target_cut);
}

}  // namespace remember

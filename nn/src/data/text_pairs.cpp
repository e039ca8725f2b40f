// Text pairs: see text_pairs.h.
#include <heed/nn/data/text_pairs.h>

#include <algorithm>
#include <utility>

#include <heed/tensor/error.h>
#include <heed/tensor/text_file.h>
#include <heed/tensor/utf8.h>

namespace heed {
namespace {

using Line = PairLines::Line;
using Words = std::vector<std::string>;

Words split_at_spaces(std::string_view text) {
  Words tokens;
  size_t begin = 0;
  while ((begin = text.find_first_not_of(' ', begin)) != std::string_view::npos) {
    const size_t end = std::min(text.find(' ', begin), text.size());
    tokens.emplace_back(text.substr(begin, end - begin));
    begin = end;
  }
  return tokens;
}

Words split_characters(std::string_view text) {
  Words tokens;
  for (size_t begin = 0; begin < text.size();) {
    const std::string_view rest = text.substr(begin);
    const size_t bytes = utf8_length(rest);
    check(bytes > 0, "text", "must be UTF-8 to be cut into characters, got ",
          bytes > 0 ? "" : describe_invalid_utf8(rest), " at byte ", begin + 1);
    tokens.emplace_back(rest.substr(0, bytes));
    begin += bytes;
  }
  return tokens;
}

std::string place(const std::string& path, int64_t line) { return path + ':' + std::to_string(line); }

/// Throws FileError with the position of the first invalid UTF-8.
void require_utf8(const LineReader& reader, const std::string& line) {
  const size_t position = find_invalid_utf8(line);
  if (position < line.size()) {
    const std::string_view text = line;
    const auto column = 1 + split_characters(text.substr(0, position)).size();
    fail<FileError>(place(reader.path(), reader.line_number()) + ':' + std::to_string(column), "must be UTF-8, got ",
                    describe_invalid_utf8(text.substr(position)), " (columns count characters)");
  }
}

TextSplit resolve(TextSplit split, const std::vector<Line>& lines, std::string Line::*side) {
  if (split != TextSplit::automatic) {
    return split;
  }
  const bool spaced = std::any_of(lines.begin(), lines.end(),
                                  [side](const Line& line) { return (line.*side).find(' ') != std::string::npos; });
  return spaced ? TextSplit::space : TextSplit::character;
}

Words split_side(const std::string& path, const Line& pair, std::string Line::*side, TextSplit split) {
  Words tokens = split_tokens(pair.*side, split);
  check<FileError>(!tokens.empty(), place(path, pair.line), side == &Line::source ? "source" : "target",
                   " must have at least one token, got none");
  return tokens;
}

Vocabulary vocabulary_of(const TextPairs& text, Words TextPair::*side, const VocabularyOptions& options) {
  TokenCounts counts;
  for (const TextPair& pair : text.pairs) {
    for (const std::string& token : pair.*side) {
      ++counts[token];
    }
  }
  return Vocabulary::of(counts, options);
}

std::vector<int64_t> encode_side(const TextPairs& text, const TextPair& pair, Words TextPair::*side,
                                 const Vocabulary& vocabulary) {
  std::vector<int64_t> numbers;
  numbers.reserve((pair.*side).size());
  for (const std::string& token : pair.*side) {
    const std::optional<int64_t> own = vocabulary.find(token);
    check<FileError>(own || vocabulary.unknown(), place(text.path, pair.line), "token '", printable(token), "' of the ",
                     side == &TextPair::source ? "source" : "target",
                     " is not in the vocabulary, which has no unknown token");
    numbers.push_back(own ? *own : *vocabulary.unknown());
  }
  return numbers;
}

}  // namespace

std::vector<std::string> split_tokens(std::string_view text, TextSplit split) {
  check(split != TextSplit::automatic, "split_tokens",
        "a text alone is split at spaces or into characters, not automatically");
  return split == TextSplit::character ? split_characters(text) : split_at_spaces(text);
}

PairLines read_pair_lines(const std::string& path, const std::function<void()>& while_waiting) {
  LineReader reader(path, while_waiting);
  PairLines text{path, {}};
  std::string line;
  while (reader.next(line)) {
    require_utf8(reader, line);
    const auto tabs = std::count(line.begin(), line.end(), '\t');
    if (tabs != 1) {
      const std::string got = tabs == 0 ? "no tab" : std::to_string(tabs) + " tabs";
      fail<FileError>(place(path, reader.line_number()), "a line must be source TAB target, got ", got);
    }
    const size_t tab = line.find('\t');
    text.lines.push_back({line.substr(0, tab), line.substr(tab + 1), reader.line_number()});
  }
  check<FileError>(!text.lines.empty(), path, "must hold lines of source TAB target, got none");
  return text;
}

TextPairs split_pairs(const PairLines& lines, TextSplit source, TextSplit target) {
  TextPairs text;
  text.path = lines.path;
  text.source_split = resolve(source, lines.lines, &Line::source);
  text.target_split = resolve(target, lines.lines, &Line::target);
  text.pairs.reserve(lines.lines.size());
  for (const Line& line : lines.lines) {
    text.pairs.push_back({split_side(text.path, line, &Line::source, text.source_split),
                          split_side(text.path, line, &Line::target, text.target_split), line.line});
  }
  return text;
}

TextPairs read_text_pairs(const std::string& path, TextSplit source, TextSplit target) {
  return split_pairs(read_pair_lines(path), source, target);
}

Vocabulary source_vocabulary(const TextPairs& text, const VocabularyOptions& options) {
  return vocabulary_of(text, &TextPair::source, options);
}

Vocabulary target_vocabulary(const TextPairs& text, const VocabularyOptions& options) {
  return vocabulary_of(text, &TextPair::target, options);
}

std::vector<SequencePair> encode(const TextPairs& text, const Vocabulary& source, const Vocabulary& target) {
  std::vector<SequencePair> pairs;
  pairs.reserve(text.pairs.size());
  for (const TextPair& pair : text.pairs) {
    pairs.push_back(
        {encode_side(text, pair, &TextPair::source, source), encode_side(text, pair, &TextPair::target, target)});
  }
  return pairs;
}

}  // namespace heed

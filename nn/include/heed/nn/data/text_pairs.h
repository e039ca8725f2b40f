// Text pairs: a file with lines `source TAB target`, plain or gzip, as tokens and as numbers.
//
//   const TextPairs text = read_text_pairs("pairs.tsv.gz");
//   const Vocabulary source = source_vocabulary(text), target = target_vocabulary(text);
//   DataLoader loader(encode(text, source, target), {.batch_size = 32}, …);
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <heed/nn/data/sequence_pair.h>
#include <heed/nn/data/vocabulary.h>

namespace heed {

/// How text is split into tokens. automatic: at spaces if that side of the file has any, else into characters.
enum class TextSplit { automatic, space, character };

/// The tokens of a text; characters are Unicode code points. `split` must not be automatic. Throws ValueError for
/// invalid UTF-8 where characters are wanted.
std::vector<std::string> split_tokens(std::string_view text, TextSplit split);

/// A file of pairs before its text, which is UTF-8, is split into tokens.
struct PairLines {
  struct Line {
    std::string source;
    std::string target;
    int64_t line = 0;
  };
  std::string path;
  std::vector<Line> lines;
};

struct TextPair {
  std::vector<std::string> source;
  std::vector<std::string> target;
  int64_t line = 0;
};

struct TextPairs {
  std::string path = {};
  TextSplit source_split = TextSplit::space;  ///< space or character
  TextSplit target_split = TextSplit::space;
  std::vector<TextPair> pairs = {};
};

/// Reads a file or a pipe. Throws FileError "FILE:LINE: …", also for a file without pairs, and "FILE:LINE:COLUMN: …"
/// (columns count characters from 1) for text that is not UTF-8. `while_waiting`: see LineReader.
PairLines read_pair_lines(const std::string& path, const std::function<void()>& while_waiting = {});
/// Throws FileError for a side without tokens.
TextPairs split_pairs(const PairLines& lines, TextSplit source, TextSplit target);
/// Both.
TextPairs read_text_pairs(const std::string& path, TextSplit source = TextSplit::automatic,
                          TextSplit target = TextSplit::automatic);

/// The tokens of all sources, or of all targets.
Vocabulary source_vocabulary(const TextPairs& text, const VocabularyOptions& options = {});
Vocabulary target_vocabulary(const TextPairs& text, const VocabularyOptions& options = {});

/// The pairs as numbers. Throws FileError "FILE:LINE: …" for a token that a vocabulary without an unknown token does
/// not have.
std::vector<SequencePair> encode(const TextPairs& text, const Vocabulary& source, const Vocabulary& target);

}  // namespace heed

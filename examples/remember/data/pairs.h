// Pairs: a user's file with lines `source TAB target`, plain or gzip.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace remember {

/// How text is split into tokens. automatic: at spaces if that side of the file has any, else into characters.
enum class Cut { automatic, space, character };

/// "auto", "space" or "char". Throws UsageError naming `option`.
Cut parse_cut(const std::string& text, const std::string& option);
std::string to_string(Cut cut);

/// The tokens of a text; characters are Unicode code points (UTF-8). Throws heed::ValueError for invalid UTF-8.
std::vector<std::string> cut_tokens(std::string_view text, Cut cut);

struct Pair {
  std::vector<std::string> source;
  std::vector<std::string> target;
  int64_t line = 0;
};

/// A file of pairs before its text, which is UTF-8, is split into tokens.
struct PairsText {
  struct Line {
    std::string source;
    std::string target;
    int64_t line = 0;
  };
  std::string path;
  std::vector<Line> lines;
};

struct Pairs {
  std::string path;
  Cut source_cut = Cut::space;
  Cut target_cut = Cut::space;
  std::vector<Pair> pairs;
  uint64_t fingerprint = 0;
};

/// Reads a file or a pipe. Throws heed::FileError "FILE:LINE: …", also for a file without pairs, and
/// "FILE:LINE:COLUMN: …" (columns count characters from 1) for text that is not UTF-8. `while_waiting`: see
/// heed::LineReader.
PairsText read_pairs_text(const std::string& path, const std::function<void()>& while_waiting = {});
/// In the result, `source_cut` and `target_cut` are space or character. Throws heed::FileError for a side without
/// tokens.
Pairs cut_pairs(const PairsText& text, Cut source_cut, Cut target_cut);
/// read_pairs_text() and cut_pairs().
Pairs read_pairs(const std::string& path, Cut source_cut, Cut target_cut);

/// Gives PairsData the text of a file.
using PairsReader = std::function<std::shared_ptr<const PairsText>(const std::string& path)>;

}  // namespace remember

// Pairs: see pairs.h.
#include "data/pairs.h"

#include "data/token_hash.h"
#include "text/usage_error.h"

namespace remember {

Cut parse_cut(const std::string& text, const std::string& option) {
  for (const Cut cut : {Cut::automatic, Cut::space, Cut::character}) {
    if (text == to_string(cut)) {
      return cut;
    }
  }
  throw UsageError(option + ": must be auto, space or char, got '" + text + "'");
}

std::string to_string(Cut cut) { return cut == Cut::automatic ? "auto" : cut == Cut::space ? "space" : "char"; }

Pairs cut_pairs(const PairsText& text, Cut source_cut, Cut target_cut) {
  Pairs result{heed::split_pairs(text, source_cut, target_cut), 0};
  for (const PairsText::Line& line : text.lines) {
    result.fingerprint = hash_bytes(line.target, hash_bytes(line.source, result.fingerprint));
  }
  return result;
}

Pairs read_pairs(const std::string& path, Cut source_cut, Cut target_cut) {
  return cut_pairs(heed::read_pair_lines(path), source_cut, target_cut);
}

}  // namespace remember

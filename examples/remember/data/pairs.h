// Pairs: a user's file with lines `source TAB target` (heed/nn/data/text_pairs.h), with a fingerprint of its text.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <heed/nn/data/text_pairs.h>

namespace remember {

/// How text is split into tokens. automatic: at spaces if that side of the file has any, else into characters.
using Cut = heed::TextSplit;

/// "auto", "space" or "char". Throws UsageError naming `option`.
Cut parse_cut(const std::string& text, const std::string& option);
std::string to_string(Cut cut);

using Pair = heed::TextPair;
/// A file of pairs before its text is split into tokens.
using PairsText = heed::PairLines;

struct Pairs : heed::TextPairs {
  uint64_t fingerprint = 0;
};

/// As heed::split_pairs().
Pairs cut_pairs(const PairsText& text, Cut source_cut, Cut target_cut);
/// As heed::read_text_pairs().
Pairs read_pairs(const std::string& path, Cut source_cut, Cut target_cut);

/// Gives PairsData the text of a file.
using PairsReader = std::function<std::shared_ptr<const PairsText>(const std::string& path)>;

}  // namespace remember

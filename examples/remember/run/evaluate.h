// Measures a decoder on problems, free-running: it sees its own outputs, never the answers.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

#include "data/example.h"
#include "run/score.h"

namespace remember {

/// Turns sources into outputs of at most `limit` tokens each, the end mark included.
using Decoder = std::function<std::vector<heed::Hypothesis>(const std::vector<Tokens>& sources, int64_t limit)>;

struct Evaluation {
  Score total;
  std::map<int64_t, Score> by_length;     ///< by the length of the source
  std::vector<heed::Hypothesis> outputs;  ///< in the order of the problems
  int64_t unreadable = 0;                 ///< sources with a token that is not in the vocabulary: wrong, not decoded
};

/// Decodes in batches of sources of similar lengths.
Evaluation evaluate(const Decoder& decode, const std::vector<Problem>& problems, int64_t batch = 128);

}  // namespace remember

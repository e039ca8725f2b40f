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

/// Number of outputs that are right at one position of the answer, and of answers that have that position.
struct PositionScore {
  int64_t right = 0;
  int64_t answers = 0;
};

struct Evaluation {
  Score total;
  std::map<int64_t, Score> by_length;      ///< by the length of the source
  std::vector<PositionScore> by_position;  ///< by the position in the (first) answer
  std::vector<heed::Hypothesis> outputs;   ///< in the order of the problems
  int64_t unreadable = 0;                  ///< sources with unknown tokens: counted as wrong, not decoded
};

/// The problems without unknown tokens in the source and in the first answer.
std::vector<Problem> readable(const std::vector<Problem>& problems);

/// Decodes in batches of sources of similar lengths.
Evaluation evaluate(const Decoder& decode, const std::vector<Problem>& problems, int64_t batch = 128);

}  // namespace remember

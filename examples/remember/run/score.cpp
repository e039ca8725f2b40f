// Scores: see score.h.
#include "run/score.h"

#include <limits>

#include "data/vocabulary.h"
#include "run/edit_distance.h"

namespace remember {

namespace {

Score score_against(const heed::Hypothesis& output, const Tokens& answer, int64_t edits) {
  Tokens written = output.tokens;
  if (output.ended) {
    written.push_back(kEndToken);
  }
  Tokens wanted = answer;
  wanted.push_back(kEndToken);
  Score score;
  score.problems = 1;
  score.exact = written == wanted ? 1 : 0;
  score.positions = static_cast<int64_t>(wanted.size());
  size_t first_error = wanted.size();
  for (size_t i = 0; i < wanted.size(); ++i) {
    if (i < written.size() && written[i] == wanted[i]) {
      ++score.right_positions;
    } else if (first_error == wanted.size()) {
      first_error = i;
    }
  }
  score.prefix = static_cast<double>(first_error) / static_cast<double>(wanted.size());
  score.answer_tokens = static_cast<int64_t>(answer.size());
  score.edits = edits;
  return score;
}

}  // namespace

Score& Score::operator+=(const Score& other) {
  problems += other.problems;
  exact += other.exact;
  positions += other.positions;
  right_positions += other.right_positions;
  prefix += other.prefix;
  answer_tokens += other.answer_tokens;
  edits += other.edits;
  return *this;
}

Score score_output(const heed::Hypothesis& output, const Problem& problem) {
  int64_t fewest = std::numeric_limits<int64_t>::max();
  const Tokens* nearest = nullptr;
  for (const Tokens& answer : problem.answers) {
    const int64_t edits = edit_distance(output.tokens, answer);
    if (edits < fewest) {
      fewest = edits;
      nearest = &answer;
    }
  }
  return nearest == nullptr ? Score() : score_against(output, *nearest, fewest);
}

}  // namespace remember

// Scores: see score.h.
#include "run/score.h"

#include <algorithm>
#include <limits>

#include "data/vocabulary.h"
#include "run/edit_distance.h"

namespace remember {

namespace {

Tokens with_end(Tokens tokens, bool ended) {
  if (ended) {
    tokens.push_back(kEndToken);
  }
  return tokens;
}

Score score_against(const heed::Hypothesis& output, const Tokens& answer, int64_t edits) {
  const std::vector<bool> right = right_positions(output, answer);
  Score score;
  score.problems = 1;
  score.exact = output.ended && output.tokens == answer ? 1 : 0;
  score.positions = static_cast<int64_t>(right.size());
  score.right_positions = std::count(right.begin(), right.end(), true);
  const auto first_error = std::find(right.begin(), right.end(), false) - right.begin();
  score.prefix = static_cast<double>(first_error) / static_cast<double>(right.size());
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

std::vector<bool> right_positions(const heed::Hypothesis& output, const Tokens& answer) {
  const Tokens written = with_end(output.tokens, output.ended);
  const Tokens wanted = with_end(answer, true);
  std::vector<bool> right;
  for (size_t i = 0; i < wanted.size(); ++i) {
    right.push_back(i < written.size() && written[i] == wanted[i]);
  }
  return right;
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

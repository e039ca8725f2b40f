// Score: accuracy of a model's free-running outputs.
#pragma once

#include <cstdint>
#include <vector>

#include <heed/nn/seq2seq/greedy_search.h>

#include "data/example.h"

namespace remember {

/// Sums over problems. Positions include the end token: an exact output also ends in the right place.
struct Score {
  int64_t problems = 0;
  int64_t exact = 0;            ///< outputs that are right in full
  int64_t positions = 0;        ///< of the answers
  int64_t right_positions = 0;  ///< where output and answer agree
  double prefix = 0;            ///< sum of the fractions before the first error
  int64_t answer_tokens = 0;    ///< of the answers, without end tokens
  int64_t edits = 0;            ///< sum of edit distances

  double exact_rate() const { return problems == 0 ? 0 : static_cast<double>(exact) / static_cast<double>(problems); }
  double token_rate() const {
    return positions == 0 ? 0 : static_cast<double>(right_positions) / static_cast<double>(positions);
  }
  /// Grefenstette et al. 2015, section 4.3, "fine".
  double prefix_rate() const { return problems == 0 ? 0 : prefix / static_cast<double>(problems); }
  /// Edits per token of the answers: the token (phone, letter) error rate.
  double edit_rate() const {
    return answer_tokens == 0 ? 0 : static_cast<double>(edits) / static_cast<double>(answer_tokens);
  }

  Score& operator+=(const Score& other);
};

/// The score of one output against the nearest answer.
Score score_output(const heed::Hypothesis& output, const Problem& problem);

/// Per position of the answer, its end token included: whether the output is right there.
std::vector<bool> right_positions(const heed::Hypothesis& output, const Tokens& answer);

}  // namespace remember

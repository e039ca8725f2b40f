// The demo's verdict: see verdict.h.
#include "report/verdict.h"

#include <algorithm>

#include "text/number.h"

namespace remember {

namespace {

constexpr double kRemembers = 0.99;

struct Best {
  std::string model;
  double exact = -1;
};

/// The longest tested length within the training lengths; -1 if there is none.
int64_t longest_within_training(const RunResult& result) {
  int64_t longest = -1;
  for (const LengthScore& entry : result.scores) {
    if (entry.length.max <= result.options.data.train_length.max) {
      longest = std::max(longest, entry.length.max);
    }
  }
  return longest;
}

void consider(const RunResult& result, int64_t length, Best& best) {
  for (const LengthScore& entry : result.scores) {
    if (entry.length.max == length && entry.score.exact_rate() > best.exact) {
      best = {result.model, entry.score.exact_rate()};
    }
  }
}

}  // namespace

Verdict verdict(const std::vector<RunResult>& results) {
  const int64_t length = results.empty() ? -1 : longest_within_training(results.front());
  Best attends;
  Best fixed_vector;
  for (const RunResult& result : results) {
    consider(result, length, remember::attends(result.options.model) ? attends : fixed_vector);
  }
  if (length < 0 || attends.exact < 0 || fixed_vector.exact < 0) {
    return {false,
            "nothing to compare: needs a model with attention, one without, and a test length within the "
            "training lengths"};
  }
  const bool shown = attends.exact >= kRemembers && fixed_vector.exact < attends.exact / 2;
  return {shown, "at length " + std::to_string(length) + ", the longest in training, " + attends.model + " writes " +
                     percent(attends.exact) + " of unseen strings exactly, the best fixed-length vector (" +
                     fixed_vector.model + ") " + percent(fixed_vector.exact)};
}

}  // namespace remember

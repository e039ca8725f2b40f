// Whether a comparison shows the point of the demo: a fixed-length vector remembers a limited number of symbols,
// attention more, and sooner.
#pragma once

#include <string>
#include <vector>

#include "run/run_result.h"

namespace remember {

struct Verdict {
  bool shown = false;
  std::string text;  ///< sentences with the figures, each on a line
};

/// Shown if, at the longest tested length within the training lengths, the best model with attention is at least 99 %
/// exact on average over its seeds, the best model without attention below half of that, and the difference above the
/// range over seeds (differ() in spread.h). Only models are compared whose runs all converged; the text names the
/// others. Not shown if one of those, without attention, is already better than the one compared, or half as good as
/// the one with attention.
Verdict verdict(const std::vector<RunResult>& results);

}  // namespace remember

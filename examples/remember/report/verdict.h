// Whether a comparison shows what the demo is for: attention remembers what a fixed-length vector forgets.
#pragma once

#include <string>
#include <vector>

#include "run/run_result.h"

namespace remember {

struct Verdict {
  bool shown = false;
  std::string text;  ///< a sentence with the figures
};

/// At the longest tested length within the trained ones: shown when the best model with attention is at least 99 %
/// exact and the best with a fixed-length vector is below half of that.
Verdict verdict(const std::vector<RunResult>& results);

}  // namespace remember

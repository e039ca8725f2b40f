// The problems that a run is validated on.
#pragma once

#include <cstdint>
#include <vector>

#include "data/dataset.h"
#include "run/options.h"

namespace remember {

/// Validation problems of the longest length that a task is trained on; none for files of pairs.
struct LongestProblems {
  int64_t length = 0;
  std::vector<Problem> problems = {};
};

/// Of all lengths: at most 500 of those held out.
std::vector<Problem> validation_problems(const Dataset& dataset);
LongestProblems longest_problems(const DataOptions& data);

}  // namespace remember

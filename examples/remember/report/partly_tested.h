// Which figures are of a part of the tests only.
#pragma once

#include <string>
#include <vector>

#include "run/run_result.h"

namespace remember {

/// One line per model and length (or file of pairs) whose runs had no time for all of their tests, and for how many:
/// "bilstm+additive: tested on 382 of 3,000 words, for want of time; --resume tests all". For several seeds the range.
std::vector<std::string> partly_tested(const std::vector<RunResult>& results);

}  // namespace remember

// Examples and test problems: sequences of token numbers without start, end and padding tokens.
#pragma once

#include <cstdint>
#include <vector>

namespace remember {

using Tokens = std::vector<int64_t>;

/// A source and its target.
struct Example {
  Tokens source;
  Tokens target;
};

/// A source and all right answers. Tokens that are not in the vocabulary are kUnknownToken.
struct Problem {
  Tokens source;
  std::vector<Tokens> answers;
};

}  // namespace remember

// What is learned from and tested on: sequences of token numbers, without start, end or padding marks.
#pragma once

#include <cstdint>
#include <vector>

namespace remember {

using Tokens = std::vector<int64_t>;

/// A source and what it is to be turned into.
struct Example {
  Tokens source;
  Tokens target;
};

/// A source and every answer that is right. A token that the vocabulary does not hold is kUnknownToken.
struct Problem {
  Tokens source;
  std::vector<Tokens> answers;
};

}  // namespace remember

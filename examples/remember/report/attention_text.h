// An attention map as text.
#pragma once

#include <string>
#include <vector>

#include <heed/tensor/tensor.h>

namespace remember {

/// Columns are source tokens, rows output tokens; weights have two digits, the largest of each row is in brackets.
/// weights: (T, S) for T output and S source tokens.
std::string attention_text(const std::vector<std::string>& source, const std::vector<std::string>& output,
                           const heed::Tensor& weights);

}  // namespace remember

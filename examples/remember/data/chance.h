// What guessing is worth in a task.
#pragma once

#include <cstdint>
#include <string_view>

namespace remember {

/// The share of outputs that a model gets right which knows the answers but not the source: above 0 for tasks whose
/// answer is one of a few tokens.
double chance(std::string_view task, int64_t symbols);

}  // namespace remember

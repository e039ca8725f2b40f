// Time and memory of attention with kept weights and of tiled attention, with published figures.
#pragma once

#include <string>
#include <vector>

#include "run/attention_cost.h"

namespace remember {

/// A table, and below it the figures of Rabe and Staats 2021 for 16,384 positions.
std::string attention_cost_text(const std::vector<AttentionCost>& costs);
std::string attention_cost_json(const std::vector<AttentionCost>& costs);

}  // namespace remember

// The costs of attention that keeps its weights and of attention that does not, beside published ones.
#pragma once

#include <string>
#include <vector>

#include "run/attention_cost.h"

namespace remember {

/// A table, with the figures of Rabe and Staats 2021 for 16,384 positions below it.
std::string attention_cost_text(const std::vector<AttentionCost>& costs);
std::string attention_cost_json(const std::vector<AttentionCost>& costs);

}  // namespace remember

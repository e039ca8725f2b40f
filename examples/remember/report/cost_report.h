// Costs by length as table, JSON and figures.
#pragma once

#include <string>
#include <vector>

#include "run/cost.h"

namespace remember {

std::string cost_table(const std::vector<Cost>& costs);
std::string cost_json(const std::vector<Cost>& costs, const CostOptions& options);
/// Draws time and memory by length on logarithmic axes in `folder`, as PNG and SVG. Returns the PNG files.
/// Throws heed::FileError.
std::vector<std::string> draw_cost(const std::vector<Cost>& costs, const std::string& folder);

}  // namespace remember

// Lists of seeds as options.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace remember {

/// "1,2,3". Throws UsageError naming --seeds.
std::vector<uint64_t> parse_seeds(const std::string& text);

}  // namespace remember

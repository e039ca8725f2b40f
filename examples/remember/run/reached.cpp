// Reached: see reached.h.
#include "run/reached.h"

#include <sstream>

#include <heed/tensor/file.h>
#include <nlohmann/json.hpp>

#include "run/json_text.h"

namespace remember {

namespace {

/// Adds the levels that a measurement is the first to reach.
void add_levels(std::vector<Reached>& reached, size_t& levels, const nlohmann::json& line, const char* key,
                int64_t length) {
  while (levels < kReachedLevels.size() && line.value(key, -1.0) >= kReachedLevels[levels]) {
    reached.push_back({kReachedLevels[levels++], length, line.value("examples", int64_t{0}), line.value("seconds", 0.0),
                       line.value("multiply_adds", 0.0)});
  }
}

}  // namespace

std::vector<Reached> reached_in(const std::string& metrics) {
  std::istringstream file(read_measurements(metrics));
  std::vector<Reached> in_all;
  std::vector<Reached> at_longest;
  size_t levels_in_all = 0;
  size_t levels_at_longest = 0;
  for (std::string text; std::getline(file, text);) {
    const auto line = parse_measurement(text);
    if (line.is_object()) {
      add_levels(in_all, levels_in_all, line, "valid_exact", 0);
      add_levels(at_longest, levels_at_longest, line, "valid_exact_longest", line.value("longest", int64_t{0}));
    }
  }
  in_all.insert(in_all.end(), at_longest.begin(), at_longest.end());
  return in_all;
}

}  // namespace remember

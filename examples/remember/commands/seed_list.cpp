// Reads lists of seeds: see seed_list.h.
#include "commands/seed_list.h"

#include <algorithm>
#include <charconv>

#include "run/model_spec.h"
#include "usage_error.h"

namespace remember {

std::vector<uint64_t> parse_seeds(const std::string& text) {
  std::vector<uint64_t> seeds;
  for (const std::string& word : parse_list(text, "--seeds")) {
    uint64_t seed = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), seed);
    require(error == std::errc() && end == word.data() + word.size(), "--seeds",
            "whole numbers with commas between them", "'" + text + "'");
    require(std::find(seeds.begin(), seeds.end(), seed) == seeds.end(), "--seeds", "different numbers",
            std::to_string(seed) + " twice");
    seeds.push_back(seed);
  }
  return seeds;
}

}  // namespace remember

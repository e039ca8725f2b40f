// Reads lists of seeds: see seed_list.h.
#include "commands/seed_list.h"

#include "run/model_spec.h"
#include "usage_error.h"

namespace remember {

std::vector<uint64_t> parse_seeds(const std::string& text) {
  std::vector<uint64_t> seeds;
  for (const std::string& word : parse_list(text, "--seeds")) {
    const bool digits = word.find_first_not_of("0123456789") == std::string::npos && word.size() <= 19;
    require(digits, "--seeds", "whole numbers with commas between them", "'" + text + "'");
    seeds.push_back(std::stoull(word));
  }
  return seeds;
}

}  // namespace remember

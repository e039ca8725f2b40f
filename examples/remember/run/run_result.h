// RunResult: what one run of a comparison has come to.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "data/length_range.h"
#include "run/options.h"
#include "run/score.h"

namespace remember {

struct LengthScore {
  LengthRange length;
  Score score;
};

struct RunResult {
  RunOptions options;
  std::string model;  ///< short name
  int64_t parameters = 0;
  int64_t best_step = 0;  ///< of the checkpoint that was tested
  double seconds = 0;     ///< of training, validation included
  int64_t test_count = 0;
  std::vector<LengthScore> scores;
};

void to_json(nlohmann::ordered_json& json, const Score& score);
void from_json(const nlohmann::ordered_json& json, Score& score);
void to_json(nlohmann::ordered_json& json, const RunResult& result);
/// Throws nlohmann::json::exception, UsageError.
void from_json(const nlohmann::ordered_json& json, RunResult& result);

}  // namespace remember

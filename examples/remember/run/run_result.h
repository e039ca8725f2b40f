// RunResult: what one run of a comparison has come to.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "data/length_range.h"
#include "run/alignment.h"
#include "run/evaluate.h"
#include "run/options.h"
#include "run/score.h"

namespace remember {

/// How a model did on the problems of one range of lengths.
struct LengthScore {
  LengthRange length;
  Score score;
  Alignment alignment = {};  ///< steps 0 where there are no weights, or no known alignment
  double loss = 0;           ///< mean cross-entropy per token, the end mark's included, teacher-forced, in nats
  std::map<int64_t, Score> by_length = {};
  std::vector<PositionScore> by_position = {};
};

/// What a training run took. Those of runs side by side are mixed up, but for the seconds.
struct TrainingCost {
  double seconds = 0;            ///< by the clock, validation included
  double cpu_seconds = 0;        ///< of all threads; of the last stretch of a run that was resumed
  double tokens_per_second = 0;  ///< of sources and targets, by the clock, without validation
  int64_t peak_bytes = 0;        ///< of tensors
};

struct RunResult {
  std::string name;  ///< of its folder
  RunOptions options;
  std::string model;  ///< short name
  int64_t parameters = 0;
  int64_t best_step = 0;  ///< of the checkpoint that was tested
  TrainingCost cost;
  int64_t test_count = 0;
  int64_t beam = 1;
  std::vector<LengthScore> scores;
};

void to_json(nlohmann::ordered_json& json, const Score& score);
void from_json(const nlohmann::ordered_json& json, Score& score);
void to_json(nlohmann::ordered_json& json, const RunResult& result);
/// Throws nlohmann::json::exception, UsageError.
void from_json(const nlohmann::ordered_json& json, RunResult& result);

}  // namespace remember

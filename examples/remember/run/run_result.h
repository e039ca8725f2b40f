// RunResult: the result of one run of a comparison.
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
#include "run/reached.h"
#include "run/score.h"

namespace remember {

/// Results on the test problems of one range of lengths.
struct LengthScore {
  LengthRange length;
  Score score;
  Alignment alignment = {};  ///< steps is 0 without weights or a known alignment
  double loss = 0;           ///< mean cross-entropy per token, end tokens included, teacher-forced, in nats
  std::map<int64_t, Score> by_length = {};
  std::vector<PositionScore> by_position = {};
};

/// Time and memory of a training run. For runs at the same time all but `seconds` are those of the whole program.
struct TrainingCost {
  double seconds = 0;            ///< wall-clock time with validation
  double cpu_seconds = 0;        ///< of all threads, since the last resume
  double tokens_per_second = 0;  ///< of sources and targets, without validation
  int64_t peak_bytes = 0;        ///< in tensors
};

struct RunResult {
  std::string name;  ///< of its folder
  RunOptions options;
  std::string model;  ///< short name
  int64_t parameters = 0;
  bool converged = false;        ///< false: a fixed number of steps, the ceiling or the time ended training
  int64_t steps = 0;             ///< updates made
  int64_t examples = 0;          ///< seen in training, repeated ones each time
  int64_t multiply_adds = 0;     ///< of the updates, forward and backward; 0: not counted
  std::vector<Reached> reached;  ///< how soon
  int64_t best_step = 0;         ///< of the checkpoint that was tested
  TrainingCost cost;
  int64_t test_count = 0;
  int64_t beam = 1;
  std::vector<LengthScore> scores;
};

/// Whether training ended before what was asked for: its plateau, or its fixed number of steps.
bool cut_off(const RunResult& result);
/// How the training of runs that differ only in the seed ended: "converged", "3,000 steps" (all that were asked for),
/// "cut off at 2,000 steps", "cut off at 586 of 3,000 steps", "2 of 3 cut off at 1,500-2,000 steps"; with
/// ", trained up to length 7" where training ended before --grow-lengths.
std::string ending(const std::vector<const RunResult*>& runs);
/// When `exact` (of kReachedLevels) was first measured at the longest trained length, or in all for files of pairs,
/// which have no such length; null: never, or guessing comes that far (Task::chance).
const Reached* reached_at(const RunResult& result, double exact);

void to_json(nlohmann::ordered_json& json, const Score& score);
void from_json(const nlohmann::ordered_json& json, Score& score);
void to_json(nlohmann::ordered_json& json, const RunResult& result);
/// Throws nlohmann::json::exception, UsageError.
void from_json(const nlohmann::ordered_json& json, RunResult& result);

}  // namespace remember

// One search for a model's capacity, in its own folder. It can stop after any step and resume to the same result.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "run/capacity.h"

namespace remember {

/// Called after each measurement, in order to show progress: the length, the steps at that length, the share exact.
using CapacityListener = std::function<void(int64_t length, int64_t steps, double exact)>;

/// As in search.json and capacity.json.
nlohmann::ordered_json stages_json(const std::vector<CapacityStage>& stages);

/// The lengths that a search trains on in order to remember `length`.
LengthRange stage_lengths(int64_t length);

struct SearchProgress {
  bool at_end = false;  ///< also where a length was cut off by max_steps, so that nothing is left to train
  int64_t steps = 0;
};

/// How far the search in the folder is. Throws as run_search().
SearchProgress progress_of(CapacitySearch planned, const CapacityOptions& options, const std::string& folder);

/// Makes or goes on with the search `planned`, as long as `seconds_left` returns more than 0. What a stage was like
/// that ran out of time is in the result, but another call goes on with it. So it does with one that max_steps cut off,
/// if that has become larger. Throws Interrupted, heed::FileError, and UsageError if the search in the folder has other
/// options.
CapacitySearch run_search(CapacitySearch planned, const CapacityOptions& options, const std::string& folder,
                          const std::function<double()>& seconds_left, const CapacityListener& listener);

}  // namespace remember

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

/// Whether the search in the folder is at its end. Throws as run_search().
bool is_finished(Capacity planned, const CapacityOptions& options, const std::string& folder);

/// Makes or goes on with the search `planned`, until `out_of_time` returns true; asked after each measurement. What a
/// stage was like that ran out of time is in the result, but another call goes on with it. Throws Interrupted,
/// heed::FileError, and UsageError if the search in the folder has other options.
Capacity run_search(Capacity planned, const CapacityOptions& options, const std::string& folder,
                    const std::function<bool()>& out_of_time, const CapacityListener& listener);

}  // namespace remember

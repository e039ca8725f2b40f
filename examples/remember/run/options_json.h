// Options as JSON, for checkpoints and results.
#pragma once

#include <nlohmann/json.hpp>

#include "run/options.h"

namespace remember {

void to_json(nlohmann::ordered_json& json, const RunOptions& options);

/// Throws nlohmann::json::exception for a value that is missing or of another type, heed::ValueError
/// for a number with a fraction or out of range, UsageError as validate() does.
void from_json(const nlohmann::ordered_json& json, RunOptions& options);

}  // namespace remember

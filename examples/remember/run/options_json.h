// Options as JSON, as they stand in checkpoints and results.
#pragma once

#include <nlohmann/json.hpp>

#include "run/options.h"

namespace remember {

void to_json(nlohmann::ordered_json& json, const ModelOptions& options);
void to_json(nlohmann::ordered_json& json, const DataOptions& options);
void to_json(nlohmann::ordered_json& json, const TrainingOptions& options);
void to_json(nlohmann::ordered_json& json, const RunOptions& options);

/// Throw nlohmann::json::exception for a value that is missing or of another kind, UsageError for one that makes no
/// sense.
void from_json(const nlohmann::ordered_json& json, ModelOptions& options);
void from_json(const nlohmann::ordered_json& json, DataOptions& options);
void from_json(const nlohmann::ordered_json& json, TrainingOptions& options);
void from_json(const nlohmann::ordered_json& json, RunOptions& options);

}  // namespace remember

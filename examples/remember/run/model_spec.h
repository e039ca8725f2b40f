// A model's short name, as compare takes and prints it: [bi]CELL[+ATTENTION] or transformer[+POSITIONS].
#pragma once

#include <string>
#include <vector>

#include "run/options.h"

namespace remember {

/// Sets cell, bidirectional and attention of `options` from "bilstm+additive"; the rest stays.
/// Throws UsageError naming `option`.
ModelOptions parse_model(const std::string& spec, ModelOptions options, const std::string& option);
/// The same of several specs. Throws UsageError also for two of one model, as transformer and transformer+sinusoidal.
std::vector<ModelOptions> parse_models(const std::vector<std::string>& specs, const ModelOptions& options,
                                       const std::string& option);
/// The short name of a model.
std::string model_name(const ModelOptions& options);
/// The short name with what else tells a model apart: "lstm, source reversed".
std::string model_label(const ModelOptions& options);

}  // namespace remember
